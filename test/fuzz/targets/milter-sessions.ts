import assert from 'node:assert/strict';
import { commandTable, eventNames } from '../../../src/protocols/milter/commands.js';
import { MilterProtocolError } from '../../../src/protocols/milter/errors.js';
import type { CommandName, EventName } from '../../../src/protocols/milter/events.js';
import type { MilterFilter } from '../../../src/protocols/milter/filter.js';
import { FilterSession } from '../../../src/protocols/milter/filter-session.js';
import { defaultLimits } from '../../../src/protocols/milter/limits.js';
import { PayloadReader } from '../../../src/protocols/milter/payload-reader.js';
import { prepareFilter } from '../../../src/protocols/milter/prepared-filter.js';
import { replies, type Reply, type ReplyKind } from '../../../src/protocols/milter/replies.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { SessionModel } from '../session-model.js';

type Plain = Exclude<ReplyKind, 'replycode'>;

const commands = Object.keys(commandTable) as readonly CommandName[]; // keys of a mapped type
const kinds = Object.keys(replies) as readonly Plain[]; // keys of a constant
const offer = Buffer.from('00000006000001ff001fffff', 'hex');
const headBytes = eventNames.length;

/** A command as it stands in an input, and what the filter says to it. */
function byteOf(command: CommandName, reply: Plain = 'continue'): number {
  return commands.indexOf(command) + commands.length * kinds.indexOf(reply);
}

const usual: readonly CommandName[] = [
  ...(['negotiate', 'macro', 'connect', 'helo', 'mail', 'rcpt', 'rcpt', 'data'] as const),
  ...(['header', 'eoh', 'body', 'eom', 'abort', 'mail', 'rcpt', 'abort', 'quit'] as const),
];

/**
 * Orders of commands, legal and not: what the filter is told, what is answered and when it ends is what a
 * model says. The first bytes say what becomes of each event, those behind them are commands with the
 * filter's replies.
 */
export const milterSessions: FuzzTarget = {
  name: 'milter-sessions',
  seeds: () => {
    const order = Buffer.from(usual.map((command) => byteOf(command)));
    const refused = Buffer.from(
      usual.map((command) => byteOf(command, command === 'rcpt' ? 'tempfail' : 'continue')),
    );
    return [0, 1, 2].flatMap((presence) => {
      const head = Buffer.alloc(headBytes, presence);
      return [Buffer.concat([head, order]), Buffer.concat([head, refused])];
    });
  },
  words: commands.map((command) => String.fromCharCode(commands.indexOf(command))),
  maxBytes: 200,
  run: (input) => {
    const head = [...input.subarray(0, headBytes)];
    const steps = [...input.subarray(headBytes)].map((byte) => ({
      command: commands[byte % commands.length] ?? 'quit',
      reply: kinds[Math.floor(byte / commands.length) % kinds.length] ?? 'continue',
    }));
    playBoth(head, steps);
  },
};

function playBoth(
  head: readonly number[],
  steps: readonly { readonly command: CommandName; readonly reply: Plain }[],
): void {
  const presence = (event: EventName): number => (head[eventNames.indexOf(event)] ?? 0) % 3;
  const model = new SessionModel(termsOf(presence));
  const calls: string[] = [];
  let says: Reply = replies.continue;
  const session = createSession(filterOf(presence, calls, () => says));
  let ended = false;
  for (const { command, reply } of steps) {
    says = replies[reply];
    const told = calls.length;
    const sent = session.sent();
    const expected = model.take(command, isFelt(presence, command) ? reply : 'continue');
    ended = session.take(command) !== 'goes on';
    const connection = session.last;
    assert.deepEqual(
      { command, calls: calls.slice(told), answers: session.sent() - sent, connection },
      {
        command,
        calls: expected.calls.filter((call) => isHeard(presence, call)),
        answers: expected.isAnswered ? 1 : 0,
        connection: expected.connection,
      },
    );
    if (ended) break;
  }
  const told = calls.length;
  session.end();
  assert.deepEqual(calls.slice(told), model.end());
}

/** 0: handled; 1: only observed; 2: there is no handler. The end of the message cannot be observed. */
type Presence = (event: EventName) => number;

function termsOf(presence: Presence): ConstructorParameters<typeof SessionModel>[0] {
  const those = (wanted: (event: EventName) => boolean): ReadonlySet<EventName> =>
    new Set(eventNames.filter(wanted));
  return {
    unsent: those((event) => presence(event) === 2 && commandTable[event].suppress !== 0),
    unanswered: those((event) => presence(event) === 1 && commandTable[event].noReply !== 0),
    // At the end of a message the filter is opened in any case.
    unheard: those((event) => presence(event) === 2 && event !== 'eom'),
  };
}

/** Whether a reply of the filter's is asked for. */
function isFelt(presence: Presence, command: CommandName): boolean {
  return isEvent(command) && (presence(command) === 0 || command === 'eom');
}

function isHeard(presence: Presence, call: string): boolean {
  return !isEvent(call) || presence(call) !== 2;
}

function isEvent(name: string): name is EventName {
  return eventNames.some((event) => event === name);
}

function filterOf(presence: Presence, calls: string[], says: () => Reply): MilterFilter<undefined> {
  const handlers = eventNames.map((name) => {
    if (presence(name) === 2) return {};
    const handle = (): Reply => {
      calls.push(name);
      return says();
    };
    return { [name]: presence(name) === 1 && name !== 'eom' ? { observe: handle } : handle };
  });
  const base: MilterFilter<undefined> = {
    open: () => {
      calls.push('open');
      return undefined;
    },
    abort: () => calls.push('abort'),
    close: () => calls.push('close'),
  };
  return Object.assign(base, ...handlers) as MilterFilter<undefined>; // only handlers of its own names
}

type Connection = 'goes on' | 'ends' | 'lost';

function createSession(filter: MilterFilter<undefined>) {
  const prepared = prepareFilter(filter);
  let packets = 0;
  const session = new FilterSession<undefined>(
    {
      prepare: () => prepared,
      send: () => packets++,
      resume: () => undefined,
      incident: () => undefined,
      negotiated: () => undefined,
      handlerFailed: (event, error) => assert.fail(`${event}: ${String(error)}`),
    },
    { ...defaultLimits, recipients: 1000 },
  );
  return {
    last: 'goes on' as Connection, // until it is told otherwise
    sent: () => packets,
    end: () => session.end(),
    take(command: CommandName): Connection {
      const payload = payloadOf(command);
      try {
        const goesOn = session.take(command, new PayloadReader(payload, 0, payload.length));
        this.last = goesOn ? 'goes on' : 'ends';
      } catch (error) {
        if (!(error instanceof MilterProtocolError)) throw error;
        this.last = 'lost';
      }
      return this.last;
    },
  };
}

/** A chunk that comes with the end of the message would be handled in a turn of its own. */
function payloadOf(command: CommandName): Buffer {
  if (command === 'negotiate') return offer;
  return command === 'eom' ? Buffer.alloc(0) : Buffer.from('x\0');
}
