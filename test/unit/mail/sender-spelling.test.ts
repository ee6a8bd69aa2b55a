import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  senderParts,
  stableLocalPart,
  type SenderPart,
} from '../../../src/mail/sender-spelling.js';
import { stripping } from '../../support/address-forms.js';
import { shapes, untouched } from './sender-shapes.js';

const everything = stripping(...senderParts);

function stable(sender: string, strip = everything): string {
  const at = sender.lastIndexOf('@');
  const domain = sender.slice(at + 1);
  return `${stableLocalPart(sender.slice(0, at), domain, strip)}@${domain}`;
}

for (const [kind, rows] of Object.entries(shapes)) {
  describe(`senders ${kind}`, () => {
    for (const [who, first, second, spelling] of rows) {
      test(`${who}: ${first}`, () => {
        assert.equal(stable(first), spelling);
        assert.equal(stable(second), spelling);
        assert.equal(stable(spelling), spelling);
      });
    }
  });
}

describe('other senders', () => {
  for (const sender of untouched) {
    test(`${sender} stays`, () => assert.equal(stable(sender), sender));
  }

  test('keep the domains of others apart', () => {
    const forwarded = ['a.example', 'b.example'].map((domain) =>
      stable(`SRS0=AbC1=4X=${domain}=joe@f.example`),
    );
    assert.equal(new Set(forwarded).size, 2);
    const twice = ['f.example', 'h.example'].map((domain) =>
      stable(`SRS1=aB3d=${domain}==AbC1=4X=a.example=joe@g.example`),
    );
    assert.equal(new Set(twice).size, 2);
  });

  test('stay if they are longer than a path may be, or quoted', () => {
    const long = `bounce-${'1'.repeat(249)}`;
    assert.equal(stableLocalPart(long, 'd.example', everything), 'bounce-#');
    assert.equal(stableLocalPart(`${long}1`, 'd.example', everything), `${long}1`);
    assert.equal(stableLocalPart('"bounce-17 "', 'd.example', everything), '"bounce-17 "');
  });

  test('with an incomplete form of Sympa are only cut', () => {
    assert.equal(stable('bounce+joe==a==a.example@l.example'), 'bounce@l.example');
  });

  test('with a UUID that goes on are no UUID', () => {
    const uuid = '13d5c0a8-a6df-4c3b-9e8f-0123456789abz';
    assert.equal(stable(`x-${uuid}@d.example`), `x-${uuid}@d.example`);
  });
});

describe('each kind can be left in', () => {
  const srs = 'SRS0=AbC1=4X=a.example=john.work@f.example';
  const cases: readonly (readonly [parts: readonly SenderPart[], string, string])[] = [
    [[], 'prvs=1234abcdef=list-return-17-joe=a.example@d.example', ''],
    [[], srs, ''],
    [['batv'], 'prvs=1234abcdef=bounce-17+x@d.example', 'bounce-17+x@d.example'],
    [['srs'], srs, 'SRS0=#=#=a.example=john.work@f.example'],
    [['srs', 'verp', 'tokens'], 'prvs=1234abcdef=john.work@d.example', ''],
    [['srs', 'verp', 'tokens'], 'prvs=john.work=1234abcdef@d.example', ''],
    [['srs', 'verp', 'tokens'], 'prvs=1234abcdef=joe+x@d.example', 'prvs=1234abcdef=joe@d.example'],
    [['batv', 'verp', 'tokens'], srs, ''],
    [
      ['batv', 'verp', 'tokens'],
      'SRS0=AbC1=4X=a.example=bounce-17@f.example',
      'SRS0=AbC1=4X=a.example=bounce-#@f.example',
    ],
    [['verp'], 'list-return-17-joe=a.example@l.example', 'list-return-17-#@l.example'],
    [['tokens'], 'list-return-17-joe=a.example@l.example', 'list-return-#-joe=a.example@l.example'],
    [
      ['tokens'],
      'bounces+12345-ab12cd-joe=a.example@d.example',
      'bounces+#-#-joe=a.example@d.example',
    ],
  ];
  for (const [parts, sender, spelling] of cases) {
    test(`[${parts.join(', ')}] of ${sender}`, () => {
      assert.equal(stable(sender, stripping(...parts)), spelling === '' ? sender : spelling);
    });
  }
});
