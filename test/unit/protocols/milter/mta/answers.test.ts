import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actionFlags } from '../../../../../src/protocols/milter/flags.js';
import {
  decodeAnswer,
  type FilterAnswer,
} from '../../../../../src/protocols/milter/mta/answers.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';

function decode(letter: string, payload = ''): FilterAnswer {
  const bytes = Buffer.from(payload, 'latin1');
  return decodeAnswer(letter.charCodeAt(0), new PayloadReader(bytes, 0, bytes.length));
}

describe('what a filter may say', () => {
  for (const [letter, kind] of Object.entries({
    c: 'continue',
    a: 'accept',
    r: 'reject',
    t: 'tempfail',
    d: 'discard',
    s: 'skip',
  })) {
    test(`${letter} is ${kind}, and has no payload`, () => {
      assert.deepEqual(decode(letter), { group: 'verdict', reply: { kind }, faults: [] });
      assert.deepEqual(decode(letter, '\0'), {
        group: 'verdict',
        reply: { kind },
        faults: ['verdict-payload'],
      });
    });
  }

  test('progress has none either', () => {
    assert.deepEqual(decode('p'), { group: 'progress', faults: [] });
    assert.deepEqual(decode('p', 'x'), { group: 'progress', faults: ['verdict-payload'] });
  });

  test('a custom reply', () => {
    assert.deepEqual(decode('y', '550-5.7.1 no\r\n550 5.7.1 never\0'), {
      group: 'verdict',
      reply: { kind: 'replycode', code: 550, enhanced: '5.7.1', lines: ['no', 'never'] },
      faults: [],
    });
  });

  const changes: readonly (readonly [string, string, object, number])[] = [
    ['h', 'X\0y\0', { kind: 'addHeader', name: 'X', value: 'y' }, actionFlags.addHeaders],
    ['i', '\0\0\0\x07X\0\0', { kind: 'insertHeader', index: 7, name: 'X', value: '' }, 1],
    ['m', '\0\0\0\x02X\0y\0', { kind: 'changeHeader', index: 2, name: 'X', value: 'y' }, 0x10],
    ['e', '<a@b>\0', { kind: 'changeSender', address: '<a@b>', args: undefined }, 0x40],
    ['e', '<a@b>\0SIZE=1\0', { kind: 'changeSender', address: '<a@b>', args: 'SIZE=1' }, 0x40],
    ['+', '<a@b>\0', { kind: 'addRecipient', address: '<a@b>', args: undefined }, 4],
    ['2', '<a@b>\0N=1\0', { kind: 'addRecipient', address: '<a@b>', args: 'N=1' }, 0x80],
    ['-', '<a@b>\0', { kind: 'deleteRecipient', address: '<a@b>' }, 8],
    ['q', 'spam\0', { kind: 'quarantine', reason: 'spam' }, 0x20],
    ['b', 'x\0y', { kind: 'replaceBody', chunk: Buffer.from('x\0y') }, 2],
    ['h', 'X\0gr\xc3\xbcn\0', { kind: 'addHeader', name: 'X', value: 'grün' }, 1],
  ];
  for (const [letter, payload, change, action] of changes) {
    test(`${letter} ${JSON.stringify(payload)}`, () => {
      assert.deepEqual(decode(letter, payload), { group: 'change', change, action });
    });
  }

  for (const [letter, payload] of [
    ['h', ''],
    ['h', 'X\0'],
    ['h', 'X\0y'],
    ['h', 'X\0y\0\0'],
    ['i', '\0\0'],
    ['m', '\0\0\0\x01X\0'],
    ['e', ''],
    ['e', 'a'],
    ['2', 'a\0b\0c\0'],
    ['+', 'a'],
    ['-', 'a\0b\0'],
    ['q', ''],
  ] as const) {
    test(`${letter} ${JSON.stringify(payload)} is malformed`, () => {
      assert.deepEqual(decode(letter, payload), { group: 'fault', fault: 'change-malformed' });
    });
  }

  test('letters that no MTA takes', () => {
    assert.deepEqual(decode('4'), { group: 'fault', fault: 'verdict-forbidden' });
    assert.deepEqual(decode('f'), { group: 'fault', fault: 'verdict-forbidden' });
    assert.deepEqual(decode('Z', 'x'), { group: 'fault', fault: 'answer-unknown' });
  });
});
