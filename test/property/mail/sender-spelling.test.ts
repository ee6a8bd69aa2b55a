import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { normaliseAddress } from '../../../src/mail/normalise-address.js';
import type { SenderForm } from '../../../src/mail/normalise-address.js';
import { postgreySender } from '../../../src/mail/postgrey-sender.js';
import { senderParts, stableLocalPart } from '../../../src/mail/sender-spelling.js';
import { strippedSender, stripping } from '../../support/address-forms.js';
import { fc } from '../../support/properties.js';

/** What means something in senders of automatic mail, among letters. */
const fragments = [
  ...['prvs=', 'msprvs1=', 'btv1==', '1234abcdef', 'ABCDEFGH1', 'SRS0=', 'srs0+', 'SRS1=', '+SRS='],
  ...['AbC1', '4X', '==', '=', '+', '-', '_', '.', '#', '/', 'a.example', '==a==', '=joe.work'],
  ...['bounce', 'bounces', 'return', 'joe', 'X', 'é', '\u0338', '7', '17', '123456', '0a1b2c'],
  ...['0123456789abcdef', '13d5c0a8-a6df-4c3b-9e8f-0123456789ab', 'abcdefghijklmnopabcd'],
];

const localPart = fc.string({ unit: fc.constantFrom(...fragments), minLength: 1, maxLength: 12 });
const domain = fc.constantFrom('d.example', 'bounces.d.example', 'em.d.example', '');
const form = fc.record({
  form: fc.constant('sender' as const),
  foldCase: fc.boolean(),
  strip: fc.subarray([...senderParts]).map((parts) => stripping(...parts)),
});

function normalised(raw: string, normalisation: SenderForm = strippedSender): string {
  return normaliseAddress(parseEnvelopeAddress(raw), normalisation);
}

describe('senders in one spelling', () => {
  test('stay as they are when they are normalised again, in any setting', () => {
    fc.assert(
      fc.property(localPart, domain, form, (written, host, normalisation) => {
        const once = normalised(host === '' ? written : `${written}@${host}`, normalisation);
        assert.equal(normalised(once, normalisation), once);
      }),
      { numRuns: 3000 },
    );
  });

  test('keep their domain, are never empty and never get longer', () => {
    fc.assert(
      fc.property(localPart, domain, form, (written, host, normalisation) => {
        const raw = host === '' ? written : `${written}@${host}`;
        const address = parseEnvelopeAddress(raw);
        const once = normaliseAddress(address, normalisation);
        assert.notEqual(once, '');
        assert.equal(parseEnvelopeAddress(once).domain, address.domain);
        assert.ok(once.length <= `${address.localPart}@${address.domain}`.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('are the same in upper and lower case', () => {
    const ascii = fc.string({
      unit: fc.constantFrom(...fragments.filter((fragment) => /^[ -~]+$/.test(fragment))),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(ascii, domain, (written, host) => {
        const raw = `${written}@${host}`;
        assert.equal(normalised(raw.toUpperCase()), normalised(raw.toLowerCase()));
      }),
      { numRuns: 1000 },
    );
  });

  test('are what they were if they are words and nothing else', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,14}([-._][a-z]{1,14}){0,3}$/),
        form,
        (word, given) => {
          assert.equal(normalised(`${word}@bounces.d.example`, given), `${word}@bounces.d.example`);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('never bring two domains together that a forwarder has named', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){0,2}$/);
    fc.assert(
      fc.property(name, name, localPart, (first, second, user) => {
        const [a, b] = [first, second].map((origin) =>
          normalised(`SRS0=AbC1=4X=${origin}=${user}@f.example`),
        );
        assert.equal(a === b, first === second);
      }),
      { numRuns: 500 },
    );
  });
});

describe('senders that want to cost time', () => {
  const hostile = [
    '=',
    '+',
    '-',
    '#',
    '1',
    'a1',
    '=a',
    '==a==',
    'prvs=1=',
    'a.',
    '-a',
    '+srs=',
    'a=',
  ];

  test('are normalised, however they are made up', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...hostile, 'prvs=12345678=', 'srs0=a=b=c=', '13d5c0a8-', 'bounce-'),
        fc.constantFrom(...hostile),
        fc.constantFrom('', '!', '=a.example', '=1234abcdef'),
        (prefix, repeated, end) => {
          const text = (prefix.repeat(8) + repeated.repeat(256)).slice(0, 256 - end.length) + end;
          const once = stableLocalPart(text, 'd.example', strippedSender.strip);
          assert.equal(stableLocalPart(once, 'd.example', strippedSender.strip), once);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of a megabyte cost no more than a look', () => {
    for (const repeated of hostile) {
      const text = repeated.repeat((1 << 20) / repeated.length);
      assert.equal(stableLocalPart(text, 'd.example', strippedSender.strip), text);
      assert.ok(postgreySender(`${text}@d.example`).endsWith('@d.example'));
    }
  });
});
