import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecentEntries } from '../../../src/greylist/recent-entries.js';
import { fc } from '../../support/properties.js';

interface Entry {
  readonly number: number;
}

describe('recent entries', () => {
  test('what was set last holds, until it is deleted', () => {
    const entries = new RecentEntries<string, Entry>(4);
    entries.set('a', { number: 1 });
    entries.set('a', { number: 2 });
    assert.deepEqual(entries.get('a'), { number: 2 });
    assert.equal(entries.size, 1);
    entries.delete('a');
    assert.equal(entries.get('a'), undefined);
    assert.equal(entries.size, 0);
  });

  test('deletes what is in the older generation', () => {
    const entries = new RecentEntries<string, Entry>(2);
    entries.set('a', { number: 1 });
    entries.set('b', { number: 2 });
    entries.delete('a');
    assert.equal(entries.get('a'), undefined);
    assert.equal(entries.size, 1);
  });

  test('there is room for one even if there is none', () => {
    const entries = new RecentEntries<string, Entry>(0);
    entries.set('a', { number: 1 });
    assert.deepEqual(entries.get('a'), { number: 1 });
  });

  test('keeps the half of its capacity that was used last, and never more than all', () => {
    const uses = fc.array(fc.record({ key: fc.nat(12), isSet: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), uses, (capacity, steps) => {
        const entries = new RecentEntries<number, Entry>(capacity);
        /** The one used last comes last. */
        let used: readonly number[] = [];
        for (const [number, { key, isSet }] of steps.entries()) {
          if (isSet) entries.set(key, { number });
          if (!isSet && entries.get(key) === undefined) continue;
          used = [...used.filter((other) => other !== key), key];
          assert.equal(entries.size <= capacity, true);
        }
        for (const key of used.slice(-Math.floor(capacity / 2)).reverse()) {
          assert.notEqual(entries.get(key), undefined);
        }
      }),
    );
  });
});
