import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as modifications from '../../../../src/protocols/milter/modifications.js';
import type { Modification } from '../../../../src/protocols/milter/modifications.js';
import { fromHex, packet, uint32 } from '../../../support/packet-builder.js';

const {
  addHeader,
  addRecipient,
  changeHeader,
  changeSender,
  deleteRecipient,
  inSafeOrder,
  insertHeader,
  quarantine,
  replaceBody,
} = modifications;

describe('each modification, byte for byte', () => {
  const cases: readonly (readonly [string, Modification, string, Buffer])[] = [
    [
      'a header',
      addHeader('X-A', 'value'),
      'addHeaders',
      fromHex('0000000b 68 582d4100 76616c756500'),
    ],
    ['a folded header', addHeader('X-A', 'a\n\tb'), 'addHeaders', packet('h', 'X-A\0a\n\tb\0')],
    [
      'a header with CRLF folds',
      addHeader('X-A', 'a\r\n b\r'),
      'addHeaders',
      packet('h', 'X-A\0a\n b\0'),
    ],
    ['an 8-bit header', addHeader('X-A', 'ä'), 'addHeaders', packet('h', 'X-A\0ä\0')],
    ['an empty header', addHeader('X-A', ''), 'addHeaders', packet('h', 'X-A\0\0')],
    [
      'a header at the top',
      insertHeader(0, 'X-Inserted-0', 'at top'),
      'addHeaders',
      packet('i', uint32(0), 'X-Inserted-0\0at top\0'),
    ],
    [
      'a header somewhere',
      insertHeader(99, 'X', 'v'),
      'addHeaders',
      fromHex('00000009 69 00000063 5800 7600'),
    ],
    [
      'a changed header',
      changeHeader('Subject', 1, 'changed subject'),
      'changeHeaders',
      packet('m', uint32(1), 'Subject\0changed subject\0'),
    ],
    [
      'a deleted header',
      changeHeader('Message-ID', 2, ''),
      'changeHeaders',
      packet('m', uint32(2), 'Message-ID\0\0'),
    ],
    ['a sender', changeSender('<a@b.example>'), 'changeSender', packet('e', '<a@b.example>\0')],
    [
      'a sender with arguments',
      changeSender('<a@b.example>', 'RET=HDRS ENVID=1'),
      'changeSender',
      packet('e', '<a@b.example>\0RET=HDRS ENVID=1\0'),
    ],
    ['a recipient', addRecipient('<a@b.example>'), 'addRecipients', packet('+', '<a@b.example>\0')],
    [
      'a recipient with arguments',
      addRecipient('<a@b.example>', 'NOTIFY=NEVER'),
      'addRecipientsWithArguments',
      packet('2', '<a@b.example>\0NOTIFY=NEVER\0'),
    ],
    [
      'a recipient less',
      deleteRecipient('<a@b.example>'),
      'deleteRecipients',
      packet('-', '<a@b.example>\0'),
    ],
    ['a body', replaceBody(Buffer.from('a\r\n')), 'changeBody', packet('b', 'a\r\n')],
    ['an empty body', replaceBody(Buffer.alloc(0)), 'changeBody', packet('b')],
    ['a quarantine', quarantine('by test'), 'quarantine', packet('q', 'by test\0')],
  ];
  for (const [name, change, action, bytes] of cases) {
    test(name, () => {
      assert.deepEqual(change.packets, [bytes]);
      assert.equal(change.action, action);
    });
  }
});

describe('what no MTA would take', () => {
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['an empty header name', () => addHeader('', 'v')],
    ['a header name with a colon', () => addHeader('X:', 'v')],
    ['a header name with a blank', () => insertHeader(0, 'X Y', 'v')],
    ['a header name with a line end', () => changeHeader('X\n', 1, 'v')],
    ['an 8-bit header name', () => addHeader('Ä', 'v')],
    ['a value with NUL', () => addHeader('X', 'a\0b')],
    ['a value whose line is not continued', () => addHeader('X', 'a\nBcc: b')],
    ['a value that ends with a line end', () => addHeader('X', 'a\n')],
    ['a negative position', () => insertHeader(-1, 'X', 'v')],
    ['a broken index', () => changeHeader('X', 1.5, 'v')],
    ['an index above 31 bits', () => changeHeader('X', 0x80000000, 'v')],
    ['an address with NUL', () => addRecipient('a\0')],
    ['an address with a line end', () => deleteRecipient('a\r\n')],
    ['arguments with a line end', () => changeSender('a', 'X\n')],
    ['arguments with NUL', () => addRecipient('a', 'X\0')],
    ['a reason with a line end', () => quarantine('a\nb')],
    ['a header above 65535 bytes', () => addHeader('X', 'v'.repeat(65_533))],
    ['an address above 65535 bytes', () => addRecipient('v'.repeat(65_535))],
  ];
  for (const [name, call] of cases) {
    test(`${name} is refused`, () => {
      assert.throws(call, { name: 'MilterProtocolError', code: 'MILTER_REPLY_INVALID' });
    });
  }

  test('the largest header there may be is taken', () => {
    assert.equal(addHeader('X', 'v'.repeat(65_532)).packets[0]?.length, 65_535 + 5);
  });
});

describe('a large body', () => {
  test('is sent in chunks of at most 65535 bytes', () => {
    const body = Buffer.alloc(160_000, 'x');
    const { packets } = replaceBody(body);
    assert.deepEqual(
      packets.map((chunk) => chunk.length - 5),
      [65_535, 65_535, 28_930],
    );
    assert.deepEqual(Buffer.concat(packets.map((chunk) => chunk.subarray(5))), body);
  });

  test('of exactly two chunks has no third', () => {
    assert.equal(replaceBody(Buffer.alloc(131_070)).packets.length, 2);
  });
});

describe('inSafeOrder', () => {
  test('changes, then deletions from the highest index down, then additions, envelope, body', () => {
    const sent = inSafeOrder([
      replaceBody(Buffer.from('1')),
      addHeader('A', '1'),
      changeHeader('D', 1, ''),
      quarantine('q'),
      insertHeader(0, 'I', '2'),
      changeHeader('D', 3, ''),
      changeHeader('C', 2, 'x'),
      addRecipient('r'),
      changeHeader('D', 2, '\r'),
      replaceBody(Buffer.from('2')),
      changeHeader('C', 1, 'y'),
    ]);
    assert.deepEqual(sent, [
      packet('m', uint32(2), 'C\0x\0'),
      packet('m', uint32(1), 'C\0y\0'),
      packet('m', uint32(3), 'D\0\0'),
      packet('m', uint32(2), 'D\0\0'),
      packet('m', uint32(1), 'D\0\0'),
      packet('h', 'A\0', '1\0'),
      packet('i', uint32(0), 'I\0', '2\0'),
      packet('q', 'q\0'),
      packet('+', 'r\0'),
      packet('b', '1'),
      packet('b', '2'),
    ]);
  });

  test('nothing is nothing', () => {
    assert.deepEqual(inSafeOrder([]), []);
  });
});
