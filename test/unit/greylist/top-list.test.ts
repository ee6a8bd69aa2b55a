import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ROOM, TopList } from '../../../src/greylist/top-list.js';
import { fc } from '../../support/properties.js';

describe('a list of the most frequent', () => {
  test('has them in order, equal ones by their names', () => {
    const list = new TopList(3);
    for (const name of ['b', 'a', 'c', 'c']) list.add(name, 1, 10);
    assert.deepEqual(list.entries(), [
      { name: 'c', count: 2, weight: 20 },
      { name: 'a', count: 1, weight: 10 },
      { name: 'b', count: 1, weight: 10 },
    ]);
    assert.deepEqual(
      list.entries(1).map(({ name }) => name),
      ['c'],
    );
    assert.equal(list.entries(99).length, 3);
  });

  test('takes the same from all when there are too many, and of the weight the same share', () => {
    const list = new TopList(2);
    list.add('often', 10, 100);
    list.add('seldom', 4, 4);
    for (let index = 3; index < 2 * ROOM; index++) list.add(`rare ${index}`, 3);
    assert.equal(list.size, 2 * ROOM - 1);
    list.add('once', 2);
    assert.deepEqual(list.entries(), [
      { name: 'often', count: 7, weight: 70 },
      { name: 'seldom', count: 1, weight: 1 },
    ]);
  });

  test('never counts too much, nor too little by more than is promised, and stays small', () => {
    const names = fc.array(
      fc.nat(30).map((n) => `n${n}`),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 12 }), (all, kept) => {
        const list = new TopList(kept);
        const exact = new Map<string, number>();
        for (const name of all) {
          list.add(name);
          exact.set(name, (exact.get(name) ?? 0) + 1);
          assert.ok(list.size < ROOM * kept);
        }
        const shown = new Map(list.entries().map(({ name, count }) => [name, count]));
        for (const [name, count] of shown) assert.ok(count <= (exact.get(name) ?? 0));
        for (const [name, count] of exact) {
          // What is not shown may be one of the equal ones behind the end.
          const least = shown.get(name) ?? 0;
          if (count > (2 * all.length) / kept) assert.ok(least >= count - all.length / kept);
        }
      }),
    );
  });
});
