import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  addressOf,
  listItems,
  withRestriction,
  withoutMilter,
  withoutPolicy,
} from '../../../src/setup/postfix-list.js';

const isOurs = (address: string): boolean => address === 'unix:g/m';

describe('a list of main.cf', () => {
  const cases: readonly (readonly [list: string, items: readonly string[]])[] = [
    ['', []],
    [' , ', []],
    ['a', ['a']],
    ['a,b  c ,\n d', ['a', 'b', 'c', 'd']],
    ['{ unix:a, x=y }, b', ['{ unix:a, x=y }', 'b']],
    ['a { b { c, d } e }', ['a', '{ b { c, d } e }']],
    ['{ never closed, a', ['{ never closed, a']],
  ];
  for (const [list, items] of cases)
    test(JSON.stringify(list), () => {
      const found = listItems(list);
      assert.deepEqual(
        found.map(({ text }) => text),
        items,
      );
      for (const { text, start, end } of found) assert.equal(list.slice(start, end), text);
    });

  test('where an item leads', () => {
    assert.equal(addressOf('{ unix:g/m, default_action=accept }'), 'unix:g/m');
    assert.equal(addressOf('unix:g/m'), 'unix:g/m');
    assert.equal(addressOf('{ }'), '');
  });
});

describe('taken out', () => {
  const milters: readonly (readonly [before: string, after: string])[] = [
    ['', ''],
    ['unix:g/m', ''],
    ['unix:g/m, b', 'b'],
    ['a, unix:g/m', 'a'],
    ['a, { unix:g/m, default_action=accept }, $b', 'a, $b'],
    ['unix:g/m a unix:g/m', 'a'],
    ['a,  b', 'a,  b'],
  ];
  for (const [before, after] of milters)
    test(`of the milters ${JSON.stringify(before)}`, () => {
      assert.equal(withoutMilter(before, isOurs), after);
    });

  const policies: readonly (readonly [before: string, after: string])[] = [
    ['permit_mynetworks', 'permit_mynetworks'],
    ['a, check_policy_service unix:g/m', 'a'],
    ['a, check_policy_service { unix:g/m, timeout=10s }, b', 'a, b'],
    ['check_policy_service inet:127.0.0.1:1, b', 'check_policy_service inet:127.0.0.1:1, b'],
    ['check_policy_service', 'check_policy_service'],
  ];
  for (const [before, after] of policies)
    test(`of the restrictions ${JSON.stringify(before)}`, () => {
      assert.equal(withoutPolicy(before, isOurs), after);
    });
});

describe('a restriction is put', () => {
  const cases: readonly (readonly [before: string, after: string])[] = [
    ['', 'X'],
    ['permit_mynetworks, reject_rbl_client a', 'permit_mynetworks, reject_rbl_client a, X'],
    ['reject_unauth_destination, permit', 'reject_unauth_destination, X, permit'],
    ['a\n permit_mx_backup b', 'a\n X, permit_mx_backup b'],
    ['permit_mynetworks reject', 'permit_mynetworks X, reject'],
    // Whoever is on that list need not wait.
    ['a, permit_dnswl_client list.example', 'a, permit_dnswl_client list.example, X'],
  ];
  for (const [before, after] of cases)
    test(`into ${JSON.stringify(before)}`, () => {
      assert.equal(withRestriction(before, 'X'), after);
    });
});
