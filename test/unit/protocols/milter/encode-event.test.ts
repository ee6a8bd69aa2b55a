import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable } from '../../../../src/protocols/milter/commands.js';
import { expandIpv6, type AddressForm } from '../../../../src/protocols/milter/encode-event.js';
import type { CommandEvents, CommandName } from '../../../../src/protocols/milter/events.js';
import { PacketOutput } from '../../../../src/protocols/milter/packet-output.js';
import * as build from '../../../support/packet-builder.js';

function encode<Name extends CommandName>(
  name: Name,
  event: CommandEvents[Name],
  form: AddressForm = 'postfix',
): Buffer {
  const out = new PacketOutput();
  out.begin(commandTable[name].byte);
  commandTable[name].encode(event, out, form);
  out.end();
  return Buffer.concat(out.take());
}

const inet6 = { hostName: 'a', family: 'inet6', port: 25, address: '2001:db8::7' } as const;
const unknown = { hostName: 'unknown', family: 'unknown', port: 7, address: '' } as const;
const unix = { hostName: 'localhost', family: 'unix', port: 0, address: '/tmp/s' } as const;

describe('encoding', () => {
  const cases: readonly (readonly [string, Buffer, Buffer])[] = [
    [
      'negotiate',
      encode('negotiate', { version: 6, actions: 0x1ff, steps: 0x1fffff }),
      build.offer(),
    ],
    [
      'macro',
      encode('macro', { command: 0x43, pairs: 'j\0m\xfc\0' }),
      build.fromHex('00000007 44 43 6a006dfc00'),
    ],
    ['macro of nothing', encode('macro', { command: 0, pairs: 'x' }), build.packet('D')],
    [
      'connect, IPv4',
      encode('connect', { hostName: 'a', family: 'inet', port: 49_740, address: '192.0.2.7' }),
      build.connect('a', '192.0.2.7'),
    ],
    [
      'connect, IPv6, as Postfix',
      encode('connect', inet6),
      build.connect('a', '2001:db8::7', { family: '6', port: 25 }),
    ],
    [
      'connect, IPv6, as Sendmail',
      encode('connect', inet6, 'sendmail'),
      build.connect('a', 'IPv6:2001:db8:0:0:0:0:0:7', { family: '6', port: 25 }),
    ],
    [
      'connect, unknown address, as Postfix',
      encode('connect', unknown),
      build.connect('unknown', 'unknown', { port: 7 }),
    ],
    [
      'connect, unknown address, as Sendmail',
      encode('connect', unknown, 'sendmail'),
      build.packet('C', 'unknown\0', 'U'),
    ],
    [
      'connect, Unix socket',
      encode('connect', unix, 'sendmail'),
      build.connect('localhost', '/tmp/s', { family: 'L', port: 0 }),
    ],
    ['helo', encode('helo', { name: 'a b' }), build.helo('a b')],
    [
      'mail',
      encode('mail', { address: '<>', args: ['SIZE=1', 'X'] }),
      build.mail('<>', 'SIZE=1', 'X'),
    ],
    ['rcpt', encode('rcpt', { address: '<gr\u00fcn@x>', args: [] }), build.rcpt('<gr\u00fcn@x>')],
    ['data', encode('data', {}), build.data()],
    ['header', encode('header', { name: 'A', value: '' }), build.header('A', '')],
    ['eoh', encode('eoh', {}), build.eoh()],
    ['body', encode('body', { chunk: Buffer.from('x\0') }), build.body('x\0')],
    ['eom', encode('eom', { chunk: Buffer.alloc(0) }), build.eom()],
    ['unknown', encode('unknown', { line: 'FOO bar' }), build.unknown('FOO bar')],
    ['abort', encode('abort', {}), build.abort()],
    ['quit', encode('quit', {}), build.quit()],
    ['quitNc', encode('quitNc', {}), build.quitNc()],
  ];
  for (const [name, encoded, expected] of cases) {
    test(name, () => assert.equal(encoded.toString('hex'), expected.toString('hex')));
  }
});

describe('IPv6 in full', () => {
  for (const [short, long] of [
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::', '2001:db8:0:0:0:0:0:0'],
    ['2001:db8::7:8', '2001:db8:0:0:0:0:7:8'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::192.0.2.7', '0:0:0:0:0:0:c000:207'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0:0:0:c000:207'],
  ] as const) {
    test(short, () => assert.equal(expandIpv6(short), long));
  }
});
