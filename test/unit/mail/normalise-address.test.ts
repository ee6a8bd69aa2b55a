import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { NULL_SENDER, parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { normaliseAddress, normaliseLocalPart } from '../../../src/mail/normalise-address.js';
import type { AddressNormalisation } from '../../../src/mail/normalise-address.js';
import {
  shortRecipient,
  strippedSender,
  wholeRecipient,
  writtenSender,
} from '../../support/address-forms.js';

const asWritten = { ...wholeRecipient, foldCase: false };
const short = { ...shortRecipient, foldCase: false };
const dashed = { ...shortRecipient, delimiters: '+-' };
const strippedAsWritten = { ...strippedSender, foldCase: false };
const postgrey = { form: 'postgrey' } as const;

function normalised(raw: string, normalisation: AddressNormalisation): string {
  return normaliseAddress(parseEnvelopeAddress(raw), normalisation);
}

describe('a recipient', () => {
  const cases: readonly (readonly [string, AddressNormalisation, string])[] = [
    ['<User@Example.ORG>', asWritten, 'User@example.org'],
    ['<User@Example.ORG>', wholeRecipient, 'user@example.org'],
    ['<É@x>', wholeRecipient, 'é@x'],
    ['<é@x>', wholeRecipient, 'é@x'],
    ['J\u030c@x', wholeRecipient, '\u01f0@x'],
    ['<Postmaster>', wholeRecipient, 'postmaster'],
    ['<@b>', wholeRecipient, '@b'],
    ['<"A b"@X>', wholeRecipient, '"a b"@x'],
    ['bounce-123456@x', wholeRecipient, 'bounce-123456@x'],
    ['user+list@x', asWritten, 'user+list@x'],
    ['user+list@x', short, 'user@x'],
    ['user+list+more@x', short, 'user@x'],
    ['+list@x', short, '+list@x'],
    ['+list+more@x', short, '+list+more@x'],
    ['user+@x', short, 'user@x'],
    ['user-list@x', short, 'user-list@x'],
    ['"a b+c"@x', short, '"a b"@x'],
    ['"a+b c"@x', short, 'a@x'],
    ['"+b c"@x', short, '"+b c"@x'],
    ['user+list', short, 'user'],
    ['user-a+b@x', dashed, 'user@x'],
    ['user+a-b@x', dashed, 'user@x'],
    ['owner-list@x', dashed, 'owner-list@x'],
    ['List-Request@x', dashed, 'list-request@x'],
    ['owner+list-request@x', dashed, 'owner@x'],
    ['mailer-daemon@x', dashed, 'mailer-daemon@x'],
    ['double-bounce@x', dashed, 'double-bounce@x'],
    ['double-bounces@x', dashed, 'double@x'],
  ];
  for (const [raw, normalisation, key] of cases) {
    test(`${raw} with ${JSON.stringify(normalisation)} is ${key}`, () => {
      assert.equal(normalised(raw, normalisation), key);
    });
  }
});

describe('a sender', () => {
  const cases: readonly (readonly [string, AddressNormalisation, string])[] = [
    ['<>', strippedSender, ''],
    ['<Joe@Example.org>', strippedSender, 'joe@example.org'],
    ['<Joe+News@example.org>', strippedSender, 'joe@example.org'],
    ['<Joe+News@example.org>', writtenSender, 'joe+news@example.org'],
    ['<Bounce-17@example.org>', strippedSender, 'bounce-#@example.org'],
    ['<Bounce-17@example.org>', strippedAsWritten, 'Bounce-#@example.org'],
    ['<BOUNCE-0A1B2C@example.org>', strippedAsWritten, 'BOUNCE-#@example.org'],
    [
      '<SRS0=AbC/=4X=A.example=Joe@b.example>',
      strippedAsWritten,
      'SRS0=#=#=A.example=Joe@b.example',
    ],
    ['<bounce-17>', strippedSender, 'bounce-#'],
    ['<"bounce-17 x"@example.org>', strippedSender, '"bounce-17 x"@example.org'],
    ['<"prvs=1234abcdef=joe"@example.org>', strippedSender, 'joe@example.org'],
    ['<Bounce-17+X@Example.org>', postgrey, 'bounce-#@example.org'],
  ];
  for (const [raw, normalisation, key] of cases) {
    test(`${raw} with ${JSON.stringify(normalisation)} is ${key}`, () => {
      assert.equal(normalised(raw, normalisation), key);
    });
  }
});

describe('a sender that is asked for again', () => {
  const list = parseEnvelopeAddress('<List+joe=example.net@x>');
  const news = parseEnvelopeAddress('<news-1234567@x>');

  test('is the same each time, whoever was asked for between', () => {
    for (let round = 0; round < 2; round++) {
      assert.equal(normaliseAddress(list, strippedSender), 'list@x');
      assert.equal(normaliseAddress(list, strippedSender), 'list@x');
      assert.equal(normaliseAddress(news, strippedSender), 'news-#@x');
    }
  });
  test('is in each form as that form says', () => {
    for (let round = 0; round < 2; round++) {
      assert.equal(normaliseAddress(list, strippedSender), 'list@x');
      assert.equal(normaliseAddress(list, strippedAsWritten), 'List@x');
      assert.equal(normaliseAddress(list, writtenSender), 'list+joe=example.net@x');
    }
  });
});

describe('the local part alone', () => {
  test("is the key's, without the domain", () => {
    const address = parseEnvelopeAddress('<Bounce-17+X@Example.org>');
    assert.equal(normaliseLocalPart(address, strippedSender), 'bounce-#');
    assert.equal(normaliseLocalPart(address, wholeRecipient), 'bounce-17+x');
    assert.equal(normaliseLocalPart(address, postgrey), 'bounce-#');
  });
});

describe('the null sender', () => {
  for (const normalisation of [strippedSender, writtenSender, shortRecipient, postgrey]) {
    test(`is empty with ${JSON.stringify(normalisation)}`, () => {
      assert.equal(normaliseAddress(NULL_SENDER, normalisation), '');
    });
  }
});
