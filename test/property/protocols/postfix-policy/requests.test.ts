import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeRequest } from '../../../../src/protocols/postfix-policy/mta/encode-request.js';
import { RequestParser } from '../../../../src/protocols/postfix-policy/request-parser.js';
import {
  decodeXtext,
  encodeXtext,
  isPrintable,
} from '../../../../src/protocols/postfix-policy/text.js';
import { actions } from '../../../../src/protocols/postfix-policy/actions.js';
import { postfixRequest, rawRequest } from '../../../support/policy-request-text.js';
import { cut, readAll } from '../../../unit/protocols/postfix-policy/framer-rig.js';
import { fc } from '../../../support/properties.js';

// Lone surrogates cannot be sent as UTF-8.
const text = fc.string({ unit: 'grapheme' });
const name = fc.oneof(
  fc.constantFrom('sender', 'recipient', 'ccert_subject', 'ccert_issuer'),
  text.map((some) => some.replace(/[=\0\r\n]/g, '') || 'x'),
);
const value = text.map((some) => some.replace(/[\0\r\n]/g, ''));
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
const requests = fc.array(fc.array(fc.tuple(name, value), { maxLength: 12 }), { maxLength: 8 });

const fragment = fc.oneof(
  fc.constant(postfixRequest()),
  fc
    .constantFrom('\n', '\r\n', '\n\n', '=', 'a=b\n', 'garbage\n', '\0', 'request=x\n')
    .map((bytes) => Buffer.from(bytes)),
  fc.constant(rawRequest(['request=smtpd_access_policy'])),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
);
const stream = fc.array(fragment, { maxLength: 20 }).map((parts) => Buffer.concat(parts));

describe('requests', () => {
  test('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(requests, sizes, (sent, pieces) => {
        const bytes = Buffer.from(sent.map((each) => encodeRequest(each)).join(''));
        const expected = sent.map((each) => {
          const isTyped = each.some(([key]) => key === 'request');
          const all = isTyped ? each : [['request', 'smtpd_access_policy'] as const, ...each];
          const values = new Map(all);
          const isKnown = values.get('request') === 'smtpd_access_policy';
          return isKnown ? [...values] : 'POLICY_REQUEST_UNKNOWN';
        });
        assert.deepEqual(readAll(cut(bytes, pieces)), expected);
      }),
    );
  });

  test('random bytes end in requests or errors, the same ones however they are cut', () => {
    fc.assert(
      fc.property(
        stream,
        sizes,
        fc.integer({ min: 1, max: 900 }),
        (bytes, pieces, requestBytes) => {
          const limits = { requestBytes, lineBytes: 40, attributes: 30 };
          const parser = new RequestParser();
          const whole = readAll([bytes], limits, parser);
          assert.deepEqual(readAll(cut(bytes, pieces), limits, parser), whole);
          assert.deepEqual(readAll(cut(bytes, [1]), limits), whole);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('xtext', () => {
  test('of any text is printable, and becomes that text again', () => {
    fc.assert(
      fc.property(text, (some) => {
        const encoded = encodeXtext(some);
        assert.match(encoded, /^[!-~]*$/);
        assert.equal(decodeXtext(encoded), some);
      }),
    );
  });

  test('is never refused', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (some) => void decodeXtext(some)));
  });
});

describe('actions', () => {
  test('are one printable line of bounded length, whatever their text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (some) => {
        for (const action of [
          actions.deferIfPermit(some),
          actions.code(451, some),
          actions.prepend('X-Greylist', some),
        ]) {
          assert.ok(isPrintable(action));
          assert.ok(action.length <= 'PREPEND '.length + 998);
        }
      }),
    );
  });
});
