import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import {
  milterGreylistAddress,
  milterGreylistSender,
} from '../../../src/mail/milter-greylist-address.js';
import {
  normaliseAddress,
  normaliseLocalPart,
  writtenForm,
} from '../../../src/mail/normalise-address.js';

const SENDER = { form: 'milter-greylist', of: 'sender' } as const;
const RECIPIENT = { form: 'milter-greylist', of: 'recipient' } as const;

describe('the sender as milter-greylist has it', () => {
  const cases: readonly (readonly [written: string, kept: string])[] = [
    ['Alice@S.example', 'Alice@S.example'],
    ['prvs=1234=alice@s', 'alice@s'],
    ['SRS0=HH=TT=orig.example=bob@fwd', 'bob@fwd'],
    ['bounce-12-bob=r.example@list', 'r.example@list'],
    ['a=b', 'b'],
    ['a=', ''],
    ['"x=y"@z', 'y"@z'],
    ['', ''],
    ['"a b"@c', '"a_b"@c'],
    ['josé@x.example', 'jos__@x.example'],
    ['\u0001\u007f@x', '__@x'],
  ];
  for (const [written, kept] of cases) {
    test(written === '' ? '<>' : written, () => assert.equal(milterGreylistSender(written), kept));
  }

  test('is cut off behind 324 bytes, the bracket included', () => {
    assert.equal(milterGreylistAddress('x'.repeat(400)).length, 323);
    assert.equal(milterGreylistSender(`a=${'é'.repeat(400)}`).length, 321);
  });
});

describe('the form of addresses as in milter-greylist', () => {
  const sender = parseEnvelopeAddress('<prvs=1=Alice+x@S.Example>');
  const recipient = parseEnvelopeAddress('<Bob=B@R.Example>');

  test('is in lower case in keys, and as it was written beside them', () => {
    assert.equal(normaliseAddress(sender, SENDER), 'alice+x@s.example');
    assert.equal(writtenForm(sender, SENDER), 'Alice+x@S.Example');
    assert.equal(normaliseAddress(recipient, RECIPIENT), 'bob=b@r.example');
    assert.equal(writtenForm(recipient, RECIPIENT), 'Bob=B@R.Example');
  });

  test('has a local part', () => {
    assert.equal(normaliseLocalPart(sender, SENDER), 'alice+x');
    assert.equal(normaliseLocalPart(parseEnvelopeAddress('<Root>'), RECIPIENT), 'root');
  });

  test('other forms are written as they are in keys', () => {
    assert.equal(
      writtenForm(recipient, { form: 'recipient', foldCase: true, delimiters: '' }),
      'bob=b@r.example',
    );
  });
});
