import type { EventName } from '../../../../src/protocols/milter/events.js';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { actionFlags, type Action } from '../../../../src/protocols/milter/flags.js';
import type { EndOfMessageContext, MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import type { Conversation, RecordedPacket } from '../../../fixtures/traces/read-conversations.js';
import { packet } from '../../../support/packet-builder.js';
import { parseChange, parseReply, type Change } from '../../../support/filter-answer.js';

/** One event of a recorded conversation with what this library can say of what was answered then. */
export interface RecordedEvent {
  readonly event: EventName;
  readonly reply: Reply;
  readonly changes: readonly Change[];
  readonly progress: number;
  /** What is to be sent for it, as hexadecimal digits, the verdict last. */
  readonly packets: readonly string[];
}

const events: Readonly<Record<string, EventName>> = {
  C: 'connect',
  H: 'helo',
  M: 'mail',
  R: 'rcpt',
  T: 'data',
  L: 'header',
  N: 'eoh',
  B: 'body',
  E: 'eom',
  U: 'unknown',
};

/** The event that a letter stands for; undefined for what is never answered, and for the offer. */
export function eventOf(letter: string): EventName | undefined {
  return events[letter];
}

/** The step flags that the recording filter answered; none if it did not come to that. */
export function recordedSteps({ packets }: Conversation): number {
  const answer = packets.find(({ from, command }) => from === 'filter' && command === 'O');
  return answer === undefined || answer.payload.length < 12 ? 0 : answer.payload.readUInt32BE(8);
}

/** The events of a conversation, in order. */
export function recordedEvents({ packets }: Conversation, steps: number): RecordedEvent[] {
  return packets.flatMap(({ from, command }, index) => {
    const event = from === 'mta' ? eventOf(command) : undefined;
    if (event === undefined) return [];
    const next = packets.findIndex((later, at) => at > index && later.from === 'mta');
    const answers = packets.slice(index + 1, next === -1 ? undefined : next);
    const reply = replyIn(answers, event, steps);
    const changes = event === 'eom' ? changesIn(answers) : [];
    const progress =
      event === 'eom' ? answers.filter((answer) => answer.command === 'p').length : 0;
    const isSilent = (steps & (stepFlagsOf[event]?.nr ?? 0)) !== 0;
    const isVoid = reply.kind !== 'continue' && reply.kind !== 'accept';
    const answered = [
      ...Array<string>(progress).fill(packet('p').toString('hex')),
      ...(isVoid ? [] : changes.map(({ bytes }) => bytes.toString('hex')).sort()),
      reply.bytes.toString('hex'),
    ];
    return [
      {
        event,
        reply,
        changes: changes.map(({ change }) => change),
        progress,
        packets: isSilent ? [] : answered,
      },
    ];
  });
}

// The recording filter also said what it must not, to see what becomes of it; that is `continue` here.
function replyIn(answers: readonly RecordedPacket[], event: EventName, steps: number): Reply {
  const verdict = answers.find(({ command }) => /[cartdsy]/.test(command));
  if (verdict === undefined) return replies.continue;
  const parsed = quietly(() => parseReply(verdict));
  if (parsed === undefined) return replies.continue;
  const isEarly = event === 'connect' || event === 'helo';
  if (parsed.kind === 'discard' && isEarly) return replies.continue;
  if (parsed.kind === 'skip' && (event !== 'body' || (steps & 0x400) === 0))
    return replies.continue;
  return parsed.kind === 'replycode' ? replyCode(parsed.text) : replies[parsed.kind];
}

function replyCode(text: string): Reply {
  const lines = text.split('\r\n').map((line) => line.slice(4).replaceAll('%%', '%'));
  const enhanced = /^[45]\.\d+\.\d+(?= )/.exec(lines[0] ?? '')?.[0];
  const bare = lines.map((line) =>
    enhanced === undefined ? line : line.slice(enhanced.length + 1),
  );
  const code = Number(text.slice(0, 3));
  return quietly(() => customReply({ code, enhanced, text: bare })) ?? replies.continue;
}

function changesIn(answers: readonly RecordedPacket[]): { change: Change; bytes: Buffer }[] {
  return answers.flatMap((answer) => {
    const change = quietly(() => parseChange(answer));
    if (change === undefined) return [];
    // With CR in a header both MTAs stored a stray one; this library leaves it out.
    const isHeader = 'name' in change;
    const payload = answer.payload.toString('latin1');
    const clean = Buffer.from(isHeader ? payload.replaceAll('\r', '') : payload, 'latin1');
    return [{ change, bytes: packet(answer.command, clean) }];
  });
}

function quietly<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined; // what cannot be parsed is what this library would not send
  }
}

/** Asks for a change as it was recorded. */
export function apply(change: Change, context: EndOfMessageContext): void {
  switch (change.kind) {
    case 'addHeader':
      context.addHeader(change.name, change.value);
      return;
    case 'insertHeader':
      context.insertHeader(change.index, change.name, change.value);
      return;
    case 'changeHeader':
      context.changeHeader(change.name, change.index, change.value);
      return;
    case 'changeSender':
      context.changeSender(change.address, change.args === '' ? undefined : change.args);
      return;
    case 'addRecipient':
      context.addRecipient(change.address, change.args === '' ? undefined : change.args);
      return;
    case 'deleteRecipient':
      context.deleteRecipient(change.address);
      return;
    case 'quarantine':
      context.quarantine(change.reason);
      return;
    case 'replaceBody':
      context.replaceBody(change.body);
      return;
  }
}

/** A filter that wants to see, and answers, what the recording one did; `next` hands out the events. */
export function filterLike(
  steps: number,
  next: (event: EventName) => RecordedEvent,
): MilterFilter<undefined> {
  const handlers = Object.values(events).map((event) => {
    const flags = stepFlagsOf[event];
    if (flags === undefined || (steps & flags.no) !== 0) return {};
    if ((steps & flags.nr) !== 0) return { [event]: { observe: () => next(event) } };
    return { [event]: () => next(event).reply };
  });
  const actions = Object.keys(actionFlags) as Action[]; // keys of a constant
  const base: MilterFilter<undefined> = {
    open: () => undefined,
    actions,
    leadingSpace: (steps & 0x100000) !== 0,
    rejectedRecipients: (steps & 0x800) !== 0,
    eom: (_session, _event, context) => {
      const { changes, progress, reply } = next('eom');
      for (let count = 0; count < progress; count++) context.progress();
      for (const change of changes) apply(change, context);
      return reply as Reply<'continue'>; // any that is legal was recorded
    },
  };
  return Object.assign(base, ...handlers) as MilterFilter<undefined>;
}

const stepFlagsOf: Readonly<
  Partial<Record<EventName, { readonly no: number; readonly nr: number }>>
> = {
  connect: { no: 0x1, nr: 0x1000 },
  helo: { no: 0x2, nr: 0x2000 },
  mail: { no: 0x4, nr: 0x4000 },
  rcpt: { no: 0x8, nr: 0x8000 },
  body: { no: 0x10, nr: 0x80000 },
  header: { no: 0x20, nr: 0x80 },
  eoh: { no: 0x40, nr: 0x40000 },
  unknown: { no: 0x100, nr: 0x20000 },
  data: { no: 0x200, nr: 0x10000 },
};
