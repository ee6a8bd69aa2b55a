import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable } from '../../../../src/protocols/milter/commands.js';
import { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import type { CommandName } from '../../../../src/protocols/milter/events.js';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { decodeText } from '../../../../src/protocols/milter/text.js';
import { fc } from '../../../support/properties.js';

const commands = Object.keys(commandTable) as readonly CommandName[]; // keys of a mapped type

/** Bytes in which NULs, digits and markup of the protocol are more frequent than by chance. */
const payload = fc
  .array(
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 0x34, 0x36, 0x3a, 0x3c, 0x3e, 0x22, 0x20)),
  )
  .map((bytes) => Buffer.from(bytes));

function decode(command: CommandName, bytes: Buffer): unknown {
  return commandTable[command].decode(new PayloadReader(bytes, 0, bytes.length));
}

describe('decoding', () => {
  test('any payload is an event or a MilterProtocolError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commands), payload, (command, bytes) => {
        try {
          assert.equal(typeof decode(command, bytes), 'object');
        } catch (error) {
          assert.ok(error instanceof MilterProtocolError);
          assert.equal(command, 'negotiate');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a payload inside a larger buffer decodes as it does alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commands), payload, payload, (command, bytes, around) => {
        fc.pre(command !== 'negotiate');
        const buffer = Buffer.concat([around, bytes, around]);
        const reader = new PayloadReader(buffer, around.length, around.length + bytes.length);
        assert.deepEqual(commandTable[command].decode(reader), decode(command, bytes));
      }),
    );
  });

  test('an IPv6 address is the same in every spelling', () => {
    const spellings = fc.tuple(
      fc.ipV6(),
      fc.constantFrom('', 'IPv6:', 'ipv6:', 'IPV6:'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(spellings, ([address, prefix, upper]) => {
        const given = upper ? address.toUpperCase() : address;
        const event = (text: string): unknown =>
          decode('connect', Buffer.from(`h\x006\0\x19${text}\0`));
        assert.deepEqual(event(`${prefix}${given}`), event(address));
      }),
    );
  });

  test('an address and its arguments come out as they went in', () => {
    const word = fc.stringMatching(/^[!-;=?-~]{1,20}$/);
    fc.assert(
      fc.property(word, fc.array(word), fc.boolean(), (inner, args, isOneString) => {
        fc.pre(!inner.includes('"'));
        const address = `<${inner}>`;
        const text = isOneString ? [address, ...args].join(' ') : [address, ...args].join('\0');
        assert.deepEqual(decode('rcpt', Buffer.from(`${text}\0`)), { address, args });
      }),
    );
  });
});

describe('text', () => {
  test('no byte is lost', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), (given) => {
        const bytes = Buffer.from(given);
        const text = decodeText(bytes, 0, bytes.length);
        const back = [Buffer.from(text, 'utf8'), Buffer.from(text, 'latin1')];
        assert.ok(back.some((candidate) => candidate.equals(bytes)));
      }),
    );
  });
});
