import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventName } from '../../../../src/protocols/milter/events.js';
import { MacroStore } from '../../../../src/protocols/milter/macro-store.js';
import { fc } from '../../../support/properties.js';

const letters = ['C', 'H', 'M', 'R', 'T', 'N', 'E'] as const;
const eventOf: Readonly<Record<(typeof letters)[number], EventName>> = {
  C: 'connect',
  H: 'helo',
  M: 'mail',
  R: 'rcpt',
  T: 'data',
  N: 'eoh',
  E: 'eom',
};
const noFlag: Readonly<Record<(typeof letters)[number], number>> = {
  C: 0x1,
  H: 0x2,
  M: 0x4,
  R: 0x8,
  T: 0x200,
  N: 0x40,
  E: 0,
};

type Values = ReadonlyMap<string, string>;

/** The same with maps: what was announced, and what holds, by stage. */
class Model {
  readonly #announced = new Map<number, Values>();
  readonly #slots = new Map<number, Values>();

  announce(stage: number, values: Values, isSuppressed: boolean): void {
    (isSuppressed ? this.#slots : this.#announced).set(stage, values);
  }

  arrive(stage: number): void {
    const announced = this.#announced.get(stage);
    if (announced !== undefined) this.#slots.set(stage, announced);
    this.#announced.delete(stage);
    for (let later = stage + 1; later < letters.length; later++) this.#slots.delete(later);
  }

  get(name: string): string | undefined {
    for (let stage = letters.length - 1; stage >= 0; stage--) {
      const value = this.#slots.get(stage)?.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

const names = ['i', 'j', '{rcpt_addr}', '{mail_addr}'];
const values = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...names), fc.stringMatching(/^[ -~]{0,5}$/)),
  { selector: ([name]) => name },
);
const action = fc.oneof(
  fc.record({ letter: fc.constantFrom(...letters), values, isSuppressed: fc.boolean() }),
  fc.record({ letter: fc.constantFrom(...letters) }),
);

describe('MacroStore', () => {
  test('does what a simple model does', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const store = new MacroStore({ macroBytes: 65_535, macros: 128 });
        const model = new Model();
        for (const step of actions) {
          const stage = letters.indexOf(step.letter);
          if ('values' in step) {
            // The end of the message cannot be suppressed.
            const isSuppressed = step.isSuppressed && step.letter !== 'E';
            const pairs = step.values.map(([name, value]) => `${name}\0${value}\0`).join('');
            const flags = isSuppressed ? noFlag[step.letter] : 0;
            assert.ok(store.announce({ command: step.letter.charCodeAt(0), pairs }, flags));
            model.announce(stage, new Map(step.values), isSuppressed);
          } else {
            store.arrive(eventOf[step.letter]);
            model.arrive(stage);
          }
          for (const name of names) assert.equal(store.get(name), model.get(name));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('any bytes are taken without an error, and are no macro of another name', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.uint8Array(), (command, bytes) => {
        const store = new MacroStore({ macroBytes: 20, macros: 3 });
        store.announce({ command, pairs: Buffer.from(bytes).toString('latin1') }, 0);
        store.arrive('connect');
        assert.equal(store.get('{client_addr}'), undefined);
      }),
    );
  });
});
