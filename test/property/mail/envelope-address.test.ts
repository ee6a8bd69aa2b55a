import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { normaliseAddress } from '../../../src/mail/normalise-address.js';
import type { RecipientForm } from '../../../src/mail/normalise-address.js';
import { strippedSender, wholeRecipient } from '../../support/address-forms.js';
import { fc } from '../../support/properties.js';

const FOLDED: RecipientForm = wholeRecipient;
const AS_IS: RecipientForm = { ...wholeRecipient, foldCase: false };

/** All that means something in a path, among letters. */
const pathLike = fc.string({
  unit: fc.constantFrom(
    ...['a', 'B', '+', '.', '@', '"', '\\', '<', '>', ':', ',', '[', ']', ' ', '\t', '\0'],
    ...[
      '1.2.3.4',
      'IPv6:',
      '::1',
      'é',
      'É',
      '\u0301',
      '\u0338',
      'ß',
      '。',
      '\u212a',
      '\ud800',
      '/',
    ],
  ),
  maxLength: 24,
});

const anyRaw = fc.oneof(pathLike, fc.string({ unit: 'binary' }), fc.emailAddress());

const plainLocalPart = fc.stringMatching(/^[a-zA-Z0-9.+=_-]{1,12}$/);
const plainDomain = fc.stringMatching(/^[a-zA-Z0-9]{1,8}(\.[a-zA-Z0-9-]{1,8}[a-z])?$/);

describe('envelope addresses', () => {
  test('never throw, and only the null sender is empty', () => {
    fc.assert(
      fc.property(anyRaw, (raw) => {
        const { text, localPart, domain } = parseEnvelopeAddress(raw);
        assert.equal(localPart === '' && domain === '', text === '');
        for (const foldCase of [false, true]) {
          for (const normalisation of [
            { form: 'recipient', foldCase, delimiters: '' },
            { form: 'recipient', foldCase, delimiters: '+-' },
            { ...strippedSender, foldCase },
            { form: 'postgrey' },
          ] as const) {
            const key = normaliseAddress({ text, localPart, domain }, normalisation);
            assert.equal(key === '', text === '');
            assert.equal(key, key.normalize('NFC'));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('read back from their key form as the same mailbox', () => {
    fc.assert(
      fc.property(anyRaw, (raw) => {
        const { localPart, domain } = parseEnvelopeAddress(raw);
        const key = normaliseAddress(parseEnvelopeAddress(raw), AS_IS);
        const again = parseEnvelopeAddress(key);
        assert.deepEqual([again.localPart, again.domain], [localPart, domain]);
        // A path in brackets ends at the first `>`, which only junk has in its domain.
        if (/[>"\\]/.test(domain)) return;
        const bracketed = parseEnvelopeAddress(`<${key}> SIZE=1`);
        assert.deepEqual([bracketed.localPart, bracketed.domain], [localPart, domain]);
      }),
      { numRuns: 500 },
    );
  });

  test('have one key in upper and lower case if that is wanted', () => {
    fc.assert(
      fc.property(plainLocalPart, plainDomain, (localPart, domain) => {
        const keyOf = (raw: string, settings: RecipientForm): string =>
          normaliseAddress(parseEnvelopeAddress(raw), settings);
        const raw = `${localPart}@${domain}`;
        assert.equal(keyOf(raw.toUpperCase(), FOLDED), keyOf(raw.toLowerCase(), FOLDED));
        assert.equal(keyOf(`${localPart}@${domain.toUpperCase()}`, AS_IS), keyOf(raw, AS_IS));
        const other = `${localPart.toUpperCase()}@${domain}`;
        const isSame = localPart.toUpperCase() === localPart;
        assert.equal(keyOf(other, AS_IS) === keyOf(raw, AS_IS), isSame);
      }),
      { numRuns: 300 },
    );
  });

  test('have one key however they are written', () => {
    fc.assert(
      fc.property(plainLocalPart, plainDomain, (localPart, domain) => {
        const { text, ...plain } = parseEnvelopeAddress(`${localPart}@${domain}`);
        assert.equal(text, `${localPart}@${domain}`);
        const escaped = localPart.replace(/./g, String.raw`\$&`);
        for (const raw of [
          `<${localPart}@${domain}>`,
          `<${localPart}@${domain}.>`,
          `<${localPart}@${domain}> SIZE=1`,
          `"${localPart}"@${domain}`,
          `<"${escaped}"@${domain}> BODY=8BITMIME`,
          `<@relay.example,@[IPv6:::1]:${localPart}@${domain}>`,
        ]) {
          const { localPart: l, domain: d } = parseEnvelopeAddress(raw);
          assert.deepEqual({ localPart: l, domain: d }, plain, raw);
        }
      }),
      { numRuns: 300 },
    );
  });
});
