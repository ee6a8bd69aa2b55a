import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import {
  addHeader,
  changeHeader,
  inSafeOrder,
  insertHeader,
  type Modification,
} from '../../../../src/protocols/milter/modifications.js';
import { agree, encodeAgreement } from '../../../../src/protocols/milter/negotiation.js';
import { parseChange, parseReply } from '../../../support/filter-answer.js';
import { splitPackets } from '../../../support/packet-builder.js';
import { fc } from '../../../support/properties.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('\r', '\n', '\0', '%', ' ', '\t', '4', '5', '-', 'a', 'ä', '😀'))
    .map((parts) => parts.join('')),
);

describe('custom replies', () => {
  const code = fc.integer({ min: 400, max: 599 });
  const detail = fc.nat({ max: 999 });

  test('whatever the text, the reply is one that every MTA takes as meant', () => {
    fc.assert(
      fc.property(
        code,
        fc.option(fc.tuple(detail, detail), { nil: undefined }),
        fc.oneof(anyText, fc.array(anyText)),
        (given, details, text) => {
          const replyClass = String(given).charAt(0);
          const enhanced = details === undefined ? undefined : `${replyClass}.${details.join('.')}`;
          const [sent] = splitPackets(customReply({ code: given, enhanced, text }).bytes);
          assert.ok(sent !== undefined);
          const lines = parseReply(sent).text.split('\r\n');
          assert.ok(lines.length <= 32);
          for (const line of lines) {
            assert.ok(line.length <= 980, 'libmilter takes no longer one');
            assert.ok(line.startsWith(`${given}`));
            // Postfix: a digit behind the code is the class of an enhanced code, and has to fit.
            if (/^\d/.test(line.slice(4))) assert.equal(line.charAt(4), replyClass);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('header values', () => {
  const makers: readonly ((name: string, value: string) => Modification)[] = [
    (name, value) => addHeader(name, value),
    (name, value) => insertHeader(0, name, value),
    (name, value) => changeHeader(name, 1, value),
  ];

  test('come out as they went in, without CR, or are refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...makers), anyText, anyText, (make, name, value) => {
        let made: Modification;
        try {
          made = make(name, value);
        } catch (error) {
          assert.ok(error instanceof MilterProtocolError);
          assert.equal(error.code, 'MILTER_REPLY_INVALID');
          return;
        }
        const [sent] = inSafeOrder([made]).flatMap(splitPackets);
        assert.ok(sent !== undefined);
        const change = parseChange(sent);
        assert.ok(change !== undefined && 'name' in change);
        assert.equal(change.name, name);
        assert.equal(change.value, Buffer.from(value.replaceAll('\r', '')).toString());
      }),
      { numRuns: 500 },
    );
  });

  test('no value starts a header of its own', () => {
    const folded = fc.array(fc.stringMatching(/^[ -~]{0,20}$/)).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(folded, (value) => {
        const isContinued = value
          .split('\n')
          .slice(1)
          .every((line) => /^[ \t]/.test(line));
        if (isContinued) addHeader('X', value);
        else assert.throws(() => addHeader('X', value), { code: 'MILTER_REPLY_INVALID' });
      }),
    );
  });
});

describe('negotiation', () => {
  const word = fc.nat({ max: 0xffffffff });

  test('never asks for more than is offered, and always fits the wire', () => {
    fc.assert(
      fc.property(
        fc.record({ version: word, actions: word, steps: word }),
        word,
        word,
        (offer, wishA, wishS) => {
          const { version, actions, steps } = offer;
          fc.pre(version >= 2);
          const wishes = {
            actions: wishA & 0x1ff,
            steps: wishS & 0x1fffff,
            macroLists: Buffer.of(0),
          };
          const agreed = agree(offer, wishes);
          assert.ok(agreed.version <= Math.min(version, 6));
          if (actions !== 0) assert.equal(agreed.actions & ~actions, 0);
          if (steps !== 0) assert.equal(agreed.steps & ~steps, 0);
          const bytes = encodeAgreement(agreed, wishes);
          assert.equal(bytes.readUInt32BE(0), bytes.length - 4);
          assert.equal(bytes.readUInt32BE(9), agreed.actions);
          assert.equal(bytes.length > 17, (agreed.actions & 0x100) !== 0);
        },
      ),
    );
  });
});
