import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  OpenConnections,
  type KeptConnection,
} from '../../../../src/protocols/connections/open-connections.js';

interface Named extends KeptConnection {
  readonly name: string;
}

const named = (name: string): Named => ({ name, place: -1 });

function opened(...names: readonly string[]): [OpenConnections<Named>, Map<string, Named>] {
  const open = new OpenConnections<Named>();
  const byName = new Map(names.map((name) => [name, named(name)]));
  for (const connection of byName.values()) open.add(connection);
  return [open, byName];
}

const namesOf = (open: Iterable<Named>): string[] => Array.from(open, ({ name }) => name).sort();

describe('connections that are open', () => {
  test('leave in any order', () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const first of names) {
      for (const second of names) {
        const [open, byName] = opened(...names);
        const gone = new Set([first, second]);
        for (const name of gone) open.delete(byName.get(name) ?? named(name));
        const left = names.filter((name) => !gone.has(name));
        assert.deepEqual(namesOf(open), left);
        assert.equal(open.size, left.length);
        for (const name of left) open.delete(byName.get(name) ?? named(name));
        assert.equal(open.size, 0);
      }
    }
  });

  test('one that is not among them changes nothing, and neither does one that has left', () => {
    const [open, byName] = opened('a', 'b');
    open.delete(named('a'));
    open.delete({ name: 'b', place: 1 });
    const a = byName.get('a');
    assert.ok(a);
    open.delete(a);
    open.delete(a);
    assert.deepEqual(namesOf(open), ['b']);
  });

  test('come back', () => {
    const [open, byName] = opened('a', 'b');
    const a = byName.get('a');
    assert.ok(a);
    open.delete(a);
    open.add(a);
    assert.deepEqual(namesOf(open), ['a', 'b']);
  });

  test('may leave, or come, while they are gone through', () => {
    const [open] = opened('a', 'b', 'c');
    const seen: string[] = [];
    for (const connection of open) {
      seen.push(connection.name);
      open.delete(connection);
      open.add(named(`after ${connection.name}`));
    }
    assert.deepEqual(seen, ['a', 'b', 'c']);
    assert.deepEqual(namesOf(open), ['after a', 'after b', 'after c']);
  });
});
