import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable, eventNames } from '../../../../src/protocols/milter/commands.js';
import { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import type { CommandName, EventName } from '../../../../src/protocols/milter/events.js';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { FilterSession } from '../../../../src/protocols/milter/filter-session.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { prepareFilter } from '../../../../src/protocols/milter/prepared-filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import {
  step,
  stepAfterReply,
  type Phase,
} from '../../../../src/protocols/milter/session-state.js';
import { fc } from '../../../support/properties.js';

const commands = Object.keys(commandTable) as readonly CommandName[]; // keys of a mapped type
const kinds = Object.keys(replies) as readonly (keyof typeof replies)[]; // keys of a constant
const phases: readonly Phase[] = ['start', 'negotiated', 'ready', 'message', 'over'];
const offer = Buffer.from('00000006000001ff001fffff', 'hex');
const legalPrefix: readonly CommandName[] = [
  'macro',
  'connect',
  'macro',
  'helo',
  'mail',
  'rcpt',
  'data',
  'header',
  'eoh',
  'body',
];

type Presence = 'absent' | 'observed' | 'answered';

const presence = fc.tuple(
  ...eventNames.map(() => fc.constantFrom<Presence[]>('absent', 'observed', 'answered')),
);
const payload = fc.oneof(
  fc.constantFrom('', '\0', 'x\0', '<a@b>\0SIZE=1\0', 'Ci\x001\0'),
  fc.string({ unit: 'binary-ascii', maxLength: 10 }),
);
const sent = fc.record({
  command: fc.constantFrom(...commands.filter((name) => name !== 'negotiate')),
  payload: payload.map((text) => Buffer.from(text)),
});

/** Counts what a filter is told, and fails if that makes no sense. */
class Bookkeeper {
  sessions = 0;
  inMessage = false;
  #isOpen = false;

  open(): undefined {
    assert.equal(this.#isOpen, false);
    this.#isOpen = true;
    this.sessions++;
    return undefined;
  }

  event(): void {
    assert.equal(this.#isOpen, true);
  }

  abort(): void {
    assert.equal(this.#isOpen, true);
  }

  close(): void {
    assert.equal(this.#isOpen, true);
    this.#isOpen = false;
  }

  finish(): void {
    assert.equal(this.#isOpen, false);
  }
}

function filterOf(
  present: readonly Presence[],
  next: () => Reply,
  book: Bookkeeper,
): MilterFilter<undefined> {
  const handlers = eventNames.map((name, index) => {
    if (present[index] === 'absent') return {};
    const handle = (): Reply => {
      book.event();
      return next();
    };
    const isObserved = present[index] === 'observed' && name !== 'eom';
    return { [name]: isObserved ? { observe: handle } : handle };
  });
  const base: MilterFilter<undefined> = {
    open: () => book.open(),
    abort: () => book.abort(),
    close: () => book.close(),
  };
  return Object.assign(base, ...handlers) as MilterFilter<undefined>; // only handlers of its own names
}

describe('a session', () => {
  test('after any legal prefix any command is answered once or not at all, as agreed', () => {
    const script = fc.record({
      present: presence,
      steps: fc.oneof(fc.constant(0x1fffff), fc.constant(0x7f), fc.nat({ max: 0x1fffff })),
      prefix: fc.nat({ max: legalPrefix.length }),
      commands: fc.array(sent, { maxLength: 30 }),
      answers: fc.array(fc.constantFrom(...kinds), { minLength: 1 }),
    });
    fc.assert(
      fc.property(script, ({ present, steps, prefix, commands: more, answers }) => {
        let asked = 0;
        const packets: Buffer[] = [];
        const book = new Bookkeeper();
        const next = (): Reply => replies[answers[asked++ % answers.length] ?? 'continue'];
        const prepared = prepareFilter(filterOf(present, next, book));
        const session = new FilterSession<undefined>(
          {
            prepare: () => prepared,
            send: (packet) => packets.push(packet),
            resume: () => undefined,
            incident: () => undefined,
            negotiated: () => undefined,
            handlerFailed: (event, error) => assert.fail(`${event}: ${String(error)}`),
          },
          defaultLimits,
        );
        const take = (command: CommandName, given: Buffer): boolean => {
          const before = packets.length;
          // A chunk that comes with the end of the message is handled later, in turns of its own.
          const bytes = command === 'eom' ? Buffer.alloc(0) : given;
          const goesOn = session.take(command, new PayloadReader(bytes, 0, bytes.length));
          const isNegotiation = command === 'negotiate';
          const { answered, noReply } = commandTable[command];
          const isAnswered =
            answered && (isNegotiation || (session.agreement.steps & noReply) === 0);
          assert.equal(packets.length - before, isAnswered ? 1 : 0, command);
          return goesOn;
        };
        const offered = Buffer.from(offer);
        offered.writeUInt32BE(steps, 8);
        take('negotiate', offered);
        for (const command of legalPrefix.slice(0, prefix)) take(command, Buffer.from('x\0'));
        for (const { command, payload: bytes } of more) if (!take(command, bytes)) break;
        session.end();
        book.finish();
      }),
      { numRuns: 500 },
    );
  });

  test('a second offer ends it at any time', () => {
    fc.assert(
      fc.property(fc.nat({ max: legalPrefix.length }), (prefix) => {
        const session = new FilterSession<undefined>(
          {
            prepare: () => prepareFilter({ open: () => undefined }),
            send: () => undefined,
            resume: () => undefined,
            incident: () => undefined,
            negotiated: () => undefined,
            handlerFailed: () => undefined,
          },
          defaultLimits,
        );
        const take = (command: CommandName, bytes: Buffer): boolean =>
          session.take(command, new PayloadReader(bytes, 0, bytes.length));
        take('negotiate', offer);
        for (const command of legalPrefix.slice(0, prefix)) take(command, Buffer.from('x\0'));
        assert.throws(
          () => take('negotiate', offer),
          (error) =>
            error instanceof MilterProtocolError && error.code === 'MILTER_NEGOTIATED_TWICE',
        );
      }),
    );
  });
});

describe('the state machine', () => {
  const events = fc.constantFrom<EventName[]>(...eventNames);

  test('knows a step for everything, and stays among its phases', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...phases),
        fc.constantFrom(...commands),
        fc.nat({ max: 0x1fffff }),
        (phase, command, suppressed) => {
          const next = step(phase, command, suppressed);
          assert.ok(phases.includes(next.next));
          if (next.endsMessage) assert.equal(phase, 'message');
          if (next.effect === 'continue') assert.equal(next.next, phase);
          if (next.error !== undefined) assert.equal(next.effect, 'close');
          if (!commandTable[command].answered) assert.notEqual(next.effect, 'continue');
        },
      ),
    );
  });

  test('an answer never starts a message', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...phases),
        events,
        fc.constantFrom(...kinds),
        (phase, event, kind) => {
          const next = stepAfterReply(phase, event, kind);
          if (next === 'message') assert.equal(phase, 'message');
        },
      ),
    );
  });
});
