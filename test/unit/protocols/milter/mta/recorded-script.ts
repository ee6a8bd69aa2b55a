import { commandOfByte, commandTable } from '../../../../../src/protocols/milter/commands.js';
import type { ConnectEvent, EventName } from '../../../../../src/protocols/milter/events.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';
import type {
  Conversation,
  RecordedPacket,
} from '../../../../fixtures/traces/read-conversations.js';

/** What the SMTP client, or the MTA, did. */
export type ScriptStep = (
  | { readonly does: 'connect'; readonly event: ConnectEvent }
  | { readonly does: 'helo'; readonly name: string }
  | { readonly does: 'mail'; readonly address: string; readonly args: readonly string[] }
  | {
      readonly does: 'rcpt';
      readonly address: string;
      readonly args: readonly string[];
      readonly isRefused: boolean;
    }
  | { readonly does: 'header'; readonly name: string; readonly value: string }
  | { readonly does: 'body'; readonly chunk: Buffer }
  | { readonly does: 'unknown'; readonly line: string }
  | { readonly does: 'data' | 'eoh' | 'eom' | 'reset' | 'startTls' | 'quit' | 'drop' }
) & {
  /** The macros that were recorded for it, and the queue id of its message. */
  readonly macros: ReadonlyMap<string, string>;
};

type Macros = ReadonlyMap<string, string>;

const none: Macros = new Map();
const client: ConnectEvent = {
  hostName: 'x.example',
  family: 'inet',
  port: 1,
  address: '192.0.2.7',
};

/** The part of an SMTP session from an event on, for what the packets do not show. */
const course = ['connect', 'helo', 'mail', 'rcpt', 'data', 'header', 'eoh', 'body', 'eom'] as const;

type CourseEvent = (typeof course)[number];

/**
 * What must have happened for an MTA to send these packets. Events that were negotiated away, or that
 * a verdict has made pointless, took place all the same: they are in the script to show that nothing
 * is sent for them.
 */
export function scriptOf(conversation: Conversation, steps: number): readonly ScriptStep[] {
  return new ScriptReader(conversation, steps).read();
}

class ScriptReader {
  readonly #packets: readonly RecordedPacket[];
  readonly #isPostfix: boolean;
  readonly #steps: number;
  readonly #isTooLong: boolean;
  readonly #script: ScriptStep[] = [];
  #at = 0;
  /** Macros that wait for their event. */
  #announced: { readonly event: EventName; readonly macros: Macros } | undefined;
  /** The last event of the current message that has happened; `helo` between messages. */
  #reached: CourseEvent | undefined;
  #isDiscarded = false;
  #isBodySkipped = false;

  constructor({ mta, name, packets }: Conversation, steps: number) {
    this.#packets = packets;
    this.#isPostfix = mta === 'postfix';
    this.#steps = steps;
    this.#isTooLong = name.includes('long-header');
  }

  read(): readonly ScriptStep[] {
    for (; this.#at < this.#packets.length; this.#at++) {
      const packet = this.#packets[this.#at];
      if (packet?.from !== 'mta' || packet.command === 'O') continue;
      const name = commandOfByte(packet.command.charCodeAt(0));
      const reader = new PayloadReader(packet.payload, 0, packet.payload.length);
      if (name === 'macro') this.#takeMacros(commandTable.macro.decode(reader));
      else if (name === 'abort') this.#takeAbort();
      else if (name === 'quit') this.#takeQuit();
      else if (name !== undefined && name !== 'negotiate' && name !== 'quitNc') {
        this.#takeEvent(name, reader);
      }
    }
    if (this.#script.at(-1)?.does !== 'quit') this.#takeEnd();
    return this.#script;
  }

  #takeMacros({ command, pairs }: { readonly command: number; readonly pairs: string }): void {
    this.#passAnnounced();
    const event = commandOfByte(command);
    if (event === undefined || event === 'negotiate') throw new Error('macros for nothing');
    const strings = pairs.split('\0');
    const macros = new Map<string, string>();
    for (let at = 0; at + 1 < strings.length; at += 2) {
      macros.set(strings[at] ?? '', decode(strings[at + 1] ?? ''));
    }
    this.#announced = { event: event as EventName, macros }; // MACRO is sent for events alone
  }

  // Macros without their event: it was suppressed, or the MTA refused the recipient itself.
  #passAnnounced(): void {
    const announced = this.#announced;
    if (announced === undefined) return;
    this.#announced = undefined;
    const { event, macros } = announced;
    if (event === 'rcpt') {
      const isRefused = (this.#steps & commandTable.rcpt.suppress) === 0;
      this.#passTo('rcpt');
      this.#push({ does: 'rcpt', address: '<x@x.example>', args: [], isRefused }, macros);
      if (!isRefused) this.#reached = 'rcpt';
    } else {
      this.#happen(event, macros);
    }
  }

  #takeEvent(event: EventName, reader: PayloadReader): void {
    const announced = this.#announced;
    if (announced !== undefined && announced.event !== event) this.#passAnnounced();
    const macros = announced?.event === event ? announced.macros : none;
    this.#announced = undefined;
    this.#passTo(event);
    switch (event) {
      case 'connect':
        this.#push({ does: event, event: commandTable.connect.decode(reader) }, macros);
        break;
      case 'helo':
        this.#push({ does: event, ...commandTable.helo.decode(reader) }, macros);
        break;
      case 'mail':
        this.#push({ does: event, ...commandTable.mail.decode(reader) }, macros);
        break;
      case 'rcpt': {
        const isRefused = macros.get('{rcpt_mailer}') === 'error';
        this.#push({ does: event, ...commandTable.rcpt.decode(reader), isRefused }, macros);
        break;
      }
      case 'header':
        this.#push({ does: event, ...commandTable.header.decode(reader) }, macros);
        break;
      case 'body':
        this.#push({ does: event, ...commandTable.body.decode(reader) }, macros);
        break;
      case 'unknown':
        this.#push({ does: event, ...commandTable.unknown.decode(reader) }, macros);
        return;
      case 'data':
      case 'eoh':
      case 'eom':
        this.#push({ does: event }, macros);
    }
    this.#reached = event;
    this.#follow(event);
  }

  /** After a last word the client goes on all the same. */
  #follow(event: CourseEvent): void {
    const verdict = this.#answer();
    if (event === 'eom') this.#reached = 'helo';
    if (verdict === undefined || verdict === 'c' || event === 'eom') return;
    const isRefusal = /[rty]/.test(verdict);
    const isEarly = event === 'connect' || event === 'helo';
    if (verdict === 'd' && isEarly && (this.#isPostfix || event === 'helo')) return;
    if (isRefusal && (event === 'rcpt' || event === 'data' || event === 'mail')) {
      if (event === 'mail') this.#reached = 'helo';
      return;
    }
    if (verdict === 's' && (event !== 'rcpt' || this.#isPostfix)) {
      this.#isBodySkipped = event === 'header' && !this.#isPostfix;
      if (event === 'rcpt' || !this.#isBodySkipped) this.#happen(event, none);
      return;
    }
    if (/[ad]/.test(verdict) || isRefusal || verdict === 's') {
      this.#isDiscarded = verdict === 'd' && /[RT]/.test(this.#packets[this.#at]?.command ?? '');
      this.#passTo('eom', true);
      this.#happen('eom', none);
      this.#reached = 'helo';
    }
  }

  #takeAbort(): void {
    this.#passAnnounced();
    const next = this.#packets.slice(this.#at + 1).find(({ command }) => command !== 'A');
    const isBeforeHelo = next?.command === 'D' && next.payload.toString('latin1', 0, 1) === 'H';
    const isInMessage = this.#reached !== undefined && course.indexOf(this.#reached) > 1;
    if (this.#isPostfix) {
      if (isBeforeHelo) this.#push({ does: isInMessage ? 'reset' : 'startTls' }, none);
    } else if (this.#isDiscarded) {
      this.#isDiscarded = false;
    } else if (!isBeforeHelo) {
      this.#push({ does: 'reset' }, none);
    }
  }

  #takeQuit(): void {
    this.#passAnnounced();
    this.#push({ does: 'quit' }, none);
  }

  // The MTA closed without QUIT: it had given the filter up, or the client was gone.
  #takeEnd(): void {
    this.#passAnnounced();
    if (this.#isTooLong) {
      // What Sendmail gives a filter up for is not sent, and so not recorded.
      this.#push({ does: 'header', name: 'X-Long', value: 'x'.repeat(90_000) }, none);
    }
    const isGone = !this.#isPostfix && this.#reached === 'data' && this.#answer() === 'c';
    this.#push({ does: isGone ? 'drop' : 'quit' }, none);
  }

  /** What the filter said last, of verdicts. */
  #answer(): string | undefined {
    const from = this.#packets.slice(this.#at).findIndex(({ from }) => from === 'mta');
    const rest = this.#packets.slice(this.#at + Math.max(from, 0) + 1);
    const end = rest.findIndex(({ from }) => from === 'mta');
    const answers = from === -1 ? this.#lastAnswers() : rest.slice(0, end === -1 ? undefined : end);
    return answers.find(({ command }) => /[cartdsy]/.test(command))?.command;
  }

  #lastAnswers(): readonly RecordedPacket[] {
    const last = this.#packets.findLastIndex(({ from }) => from === 'mta');
    return this.#packets.slice(last + 1);
  }

  /** Lets everything happen that comes before an event and was not sent; `all` of it, or what is sure. */
  #passTo(event: EventName, all = false): void {
    if (event === 'unknown' || event === 'connect' || event === 'helo') return;
    const from = this.#reached === undefined ? 0 : course.indexOf(this.#reached);
    for (const missed of course.slice(from + 1, course.indexOf(event))) {
      // A message may have no header and no body, and a session no HELO.
      const isOptional = missed === 'helo' || missed === 'header' || missed === 'body';
      const isSkipped = missed === 'body' && this.#isBodySkipped;
      if (all || isSkipped || !isOptional || this.#isSuppressed(missed)) this.#happen(missed, none);
    }
    if (event === 'eom') this.#isBodySkipped = false;
  }

  #isSuppressed(event: EventName): boolean {
    return (this.#steps & commandTable[event].suppress) !== 0;
  }

  #happen(event: EventName, macros: Macros): void {
    switch (event) {
      case 'connect':
        this.#push({ does: event, event: client }, macros);
        break;
      case 'helo':
        this.#push({ does: event, name: 'x.example' }, macros);
        break;
      case 'mail':
        this.#push({ does: event, address: '<x@x.example>', args: [] }, macros);
        break;
      case 'rcpt':
        this.#push({ does: event, address: '<x@x.example>', args: [], isRefused: false }, macros);
        break;
      case 'header':
        this.#push({ does: event, name: 'X', value: 'x' }, macros);
        break;
      case 'body':
        this.#push({ does: event, chunk: Buffer.from('x\r\n') }, macros);
        break;
      case 'unknown':
        this.#push({ does: event, line: 'FOO' }, macros);
        return;
      case 'data':
      case 'eoh':
      case 'eom':
        this.#push({ does: event }, macros);
    }
    this.#reached = event;
  }

  #push(step: DistributiveOmit<ScriptStep, 'macros'>, macros: Macros): void {
    this.#script.push({ ...step, macros: this.#withQueueId(macros) }); // the same kind
  }

  // The id is a fact of the message; when it is known is for the profile to say.
  #withQueueId(macros: Macros): Macros {
    if (macros.has('i')) return macros;
    for (const { from, command, payload } of this.#packets.slice(this.#at)) {
      if (from !== 'mta') continue;
      if (command === 'E' && payload.length === 0) break;
      const text = payload.toString('latin1');
      const id = command === 'D' ? /(?:^.|\0)i\0([^\0]*)\0/.exec(text)?.[1] : undefined;
      if (id !== undefined) return new Map([...macros, ['i', id]]);
    }
    return new Map([...macros, ['i', 'NOQUEUE']]);
  }
}

type DistributiveOmit<Kind, Key extends PropertyKey> = Kind extends unknown
  ? Omit<Kind, Key>
  : never;

function decode(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
