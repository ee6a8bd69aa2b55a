import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable } from '../../../../src/protocols/milter/commands.js';
import type { CommandName } from '../../../../src/protocols/milter/events.js';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { fromHex } from '../../../support/packet-builder.js';

function decode(command: CommandName, payload: Buffer | string): unknown {
  const bytes = Buffer.from(payload);
  // Bytes behind the payload must not be seen.
  const buffer = Buffer.concat([bytes, Buffer.from('XYZ\0')]);
  return commandTable[command].decode(new PayloadReader(buffer, 0, bytes.length));
}

describe('decoding CONNECT', () => {
  const client = { hostName: 'mail.example', port: 0xc24c };
  const none = { family: 'unknown', port: 0, address: '' };
  const cases = [
    {
      name: 'IPv4',
      payload: 'mail.example\x004\xc2\x4c203.0.113.7\0',
      event: { ...client, family: 'inet', address: '203.0.113.7' },
    },
    {
      name: 'IPv4 without the last NUL',
      payload: 'mail.example\x004\xc2\x4c203.0.113.7',
      event: { ...client, family: 'inet', address: '203.0.113.7' },
    },
    {
      name: 'IPv6 as Postfix writes it',
      payload: '[::1]\x006\xd8\x5a::1\0',
      event: { hostName: '[::1]', family: 'inet6', port: 0xd85a, address: '::1' },
    },
    {
      name: 'IPv6 as Sendmail writes it',
      payload: '[IPv6:2001:db8:0:0:0:0:0:8]\x006\xd8\0IPv6:2001:db8:0:0:0:0:0:8\0',
      event: {
        hostName: '[IPv6:2001:db8:0:0:0:0:0:8]',
        family: 'inet6',
        port: 0xd800,
        address: '2001:db8::8',
      },
    },
    {
      name: 'the prefix in any letter case, the address in upper case',
      payload: 'mail.example\x006\xc2\x4cipv6:2001:DB8::AB\0',
      event: { ...client, family: 'inet6', address: '2001:db8::ab' },
    },
    {
      name: 'an IPv4-mapped IPv6 address as IPv4',
      payload: 'mail.example\x006\xc2\x4c::ffff:203.0.113.7\0',
      event: { ...client, family: 'inet', address: '203.0.113.7' },
    },
    {
      name: 'an IPv4-mapped IPv6 address in hexadecimal, with a prefix, as IPv4',
      payload: 'mail.example\x006\xc2\x4cIPv6:0:0:0:0:0:ffff:cb00:7107\0',
      event: { ...client, family: 'inet', address: '203.0.113.7' },
    },
    {
      name: 'an IPv4 address under the family of IPv6',
      payload: 'mail.example\x006\xc2\x4c203.0.113.7\0',
      event: { ...client, family: 'inet', address: '203.0.113.7' },
    },
    {
      name: 'an IPv6 address under the family of IPv4',
      payload: 'mail.example\x004\xc2\x4c2001:db8::8\0',
      event: { ...client, family: 'inet6', address: '2001:db8::8' },
    },
    {
      name: 'the address "unknown" with family 4 (Postfix, XCLIENT ADDR=[UNAVAILABLE])',
      payload: 'unknown\x004\0\0unknown\0',
      event: { ...none, hostName: 'unknown' },
    },
    {
      name: 'an IPv6 address with a zone is none',
      payload: 'mail.example\x006\0\0fe80::1%eth0\0',
      event: { ...none, hostName: 'mail.example' },
    },
    {
      name: 'a Unix socket',
      payload: 'localhost\0L\0\0/run/smtp.sock\0',
      event: { hostName: 'localhost', family: 'unix', port: 0, address: '/run/smtp.sock' },
    },
    {
      name: 'an unknown family (sendmail -bs on a pipe)',
      payload: 'localhost\0U',
      event: { ...none, hostName: 'localhost' },
    },
    {
      name: 'an unknown family with further bytes',
      payload: 'localhost\0U\0\x00203.0.113.7\0',
      event: { ...none, hostName: 'localhost' },
    },
    {
      name: 'a family that does not exist',
      payload: 'localhost\0Z\0\x00203.0.113.7\0',
      event: { ...none, hostName: 'localhost' },
    },
    { name: 'no family', payload: 'localhost\0', event: { ...none, hostName: 'localhost' } },
    { name: 'no port', payload: 'localhost\x004', event: { ...none, hostName: 'localhost' } },
    {
      name: 'half a port',
      payload: 'localhost\x004\xc2',
      event: { ...none, hostName: 'localhost' },
    },
    {
      name: 'no address',
      payload: 'mail.example\x004\xc2\x4c',
      event: { ...client, family: 'unknown', address: '' },
    },
    { name: 'nothing at all', payload: '', event: { ...none, hostName: '' } },
  ];
  for (const { name, payload, event } of cases) {
    test(name, () => {
      assert.deepEqual(decode('connect', Buffer.from(payload, 'latin1')), event);
    });
  }
});

describe('decoding MAIL and RCPT', () => {
  const cases = [
    { name: 'an address', payload: '<a@b.example>\0', address: '<a@b.example>', args: [] },
    {
      name: 'arguments as typed, in the order of the client',
      payload: '<a@b.example>\0SIZE=1000\0body=8BITMIME\0SMTPUTF8\0',
      address: '<a@b.example>',
      args: ['SIZE=1000', 'body=8BITMIME', 'SMTPUTF8'],
    },
    { name: 'the null sender', payload: '<>\0', address: '<>', args: [] },
    {
      name: 'the null sender as an empty string (Postfix local)',
      payload: '\0',
      address: '',
      args: [],
    },
    { name: 'an empty payload is the null sender', payload: '', address: '', args: [] },
    {
      name: 'no last NUL',
      payload: '<a@b.example>\0SIZE=1',
      address: '<a@b.example>',
      args: ['SIZE=1'],
    },
    {
      name: 'missing brackets',
      payload: 'user2@local.test\0',
      address: 'user2@local.test',
      args: [],
    },
    {
      name: 'a quoted local part',
      payload: '<"quoted local"@b.example>\0',
      address: '<"quoted local"@b.example>',
      args: [],
    },
    {
      name: 'a bracket inside quotes',
      payload: '<"a>b"@c.example>\0X=1\0',
      address: '<"a>b"@c.example>',
      args: ['X=1'],
    },
    {
      name: 'a quote that is escaped inside quotes',
      payload: '<"a\\">b"@c.example> X=1\0',
      address: '<"a\\">b"@c.example>',
      args: ['X=1'],
    },
    {
      name: 'a source route',
      payload: '<@relay.example:user1@local.test>\0',
      address: '<@relay.example:user1@local.test>',
      args: [],
    },
    {
      name: 'arguments in the first string (Sendmail with SMTPUTF8 before 8.18)',
      payload: '<a@b.example> SIZE=1  BODY=7BIT\0',
      address: '<a@b.example>',
      args: ['SIZE=1', 'BODY=7BIT'],
    },
    {
      name: 'arguments in the first string that end with a bracket',
      payload: '<a@b.example> AUTH=<>\0SIZE=1\0',
      address: '<a@b.example>',
      args: ['AUTH=<>', 'SIZE=1'],
    },
    {
      name: 'a bracket that is never closed',
      payload: '<a@b.example\0',
      address: '<a@b.example',
      args: [],
    },
    { name: 'a quote that is never closed', payload: '<"a>\0', address: '<"a>', args: [] },
    {
      name: 'a bracket only at the end',
      payload: 'a@b.example>\0',
      address: 'a@b.example>',
      args: [],
    },
    {
      name: 'a UTF-8 address',
      payload: '<jörg@exämple.example>\0',
      address: '<jörg@exämple.example>',
      args: [],
    },
    {
      name: 'an empty argument',
      payload: '<a@b.example>\0\0',
      address: '<a@b.example>',
      args: [''],
    },
  ];
  for (const { name, payload, address, args } of cases) {
    test(name, () => {
      assert.deepEqual(decode('mail', payload), { address, args });
      assert.deepEqual(decode('rcpt', payload), { address, args });
    });
  }

  test('bytes that are no UTF-8 stay one character each', () => {
    assert.deepEqual(decode('rcpt', fromHex('3c e4 40 623e 00')), {
      address: '<\xe4@b>',
      args: [],
    });
  });
});

describe('decoding everything else', () => {
  const cases: readonly (readonly [string, CommandName, string, unknown])[] = [
    ['HELO', 'helo', 'client.example\0', { name: 'client.example' }],
    ['HELO with blanks', 'helo', 'a b c\0', { name: 'a b c' }],
    ['HELO without NUL', 'helo', 'client', { name: 'client' }],
    ['HELO with more strings than expected', 'helo', 'client\0more\0', { name: 'client' }],
    ['HELO with nothing', 'helo', '', { name: '' }],
    ['a header', 'header', 'Subject\0hello\0', { name: 'Subject', value: 'hello' }],
    ['a header with an empty value', 'header', 'X\0\0', { name: 'X', value: '' }],
    ['a header without a second string', 'header', 'X\0', { name: 'X', value: '' }],
    ['a header that is folded', 'header', 'X\0a\n\tb\0', { name: 'X', value: 'a\n\tb' }],
    ['a header with its leading blank', 'header', 'X\0 a\0', { name: 'X', value: ' a' }],
    ['a body chunk', 'body', 'a\0b\r', { chunk: Buffer.from('a\0b\r') }],
    ['an empty end of the message', 'eom', '', { chunk: Buffer.alloc(0) }],
    ['an end of the message with a chunk', 'eom', 'x', { chunk: Buffer.from('x') }],
    ['an unknown command', 'unknown', 'FOO bar  baz\0', { line: 'FOO bar  baz' }],
    ['DATA', 'data', '', {}],
    ['DATA with bytes that mean nothing', 'data', 'x', {}],
    ['the end of the header', 'eoh', '', {}],
    ['ABORT', 'abort', '', {}],
    ['QUIT', 'quit', '', {}],
    ['QUIT_NC', 'quitNc', '', {}],
    ['macros', 'macro', 'Cj\0mx\0', { command: 0x43, pairs: 'j\0mx\0' }],
    ['macros with the stage alone', 'macro', 'H', { command: 0x48, pairs: '' }],
    ['macros with nothing', 'macro', '', { command: 0, pairs: '' }],
  ];
  for (const [name, command, payload, event] of cases) {
    test(name, () => {
      assert.deepEqual(decode(command, payload), event);
    });
  }

  test('an offer; what follows it is ignored', () => {
    const offered = { version: 6, actions: 0x1ff, steps: 0x1fffff };
    assert.deepEqual(decode('negotiate', fromHex('00000006 000001ff 001fffff')), offered);
    assert.deepEqual(decode('negotiate', fromHex('00000006 000001ff 001fffff ff00')), offered);
  });

  test('an offer with all bits set stays positive', () => {
    assert.deepEqual(decode('negotiate', fromHex('ffffffff ffffffff ffffffff')), {
      version: 0xffffffff,
      actions: 0xffffffff,
      steps: 0xffffffff,
    });
  });

  for (const bytes of [0, 4, 8, 11]) {
    test(`an offer of ${bytes} bytes cannot be used`, () => {
      assert.throws(() => decode('negotiate', Buffer.alloc(bytes, 6)), {
        code: 'MILTER_OFFER_UNUSABLE',
      });
    });
  }
});
