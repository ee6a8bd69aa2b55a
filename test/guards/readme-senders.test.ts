import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { normaliseAddress } from '../../src/mail/normalise-address.js';
import { senderParts } from '../../src/mail/sender-spelling.js';
import { stripping, strippedSender } from '../support/address-forms.js';
import { codeIn, readHandbook } from './readme-text.js';

const table = readHandbook().tables.find(({ head }) => head[0] === 'strip');
assert.ok(table !== undefined);

describe("The handbook's table of senders", () => {
  test('has every kind', () => {
    const kinds = table.rows.flatMap(([kind = '']) => codeIn(kind));
    assert.deepEqual(kinds, [...senderParts]);
  });

  let kind: string | undefined;
  for (const [first = '', , sender = '', known = ''] of table.rows) {
    kind = codeIn(first)[0] ?? kind;
    const part = senderParts.find((name) => name === kind);
    const [address] = codeIn(sender);
    const [spelling] = codeIn(known);
    test(`${String(part)}: ${String(address)}`, () => {
      assert.ok(part !== undefined && address !== undefined);
      const normalised = (strip = strippedSender.strip): string =>
        normaliseAddress(parseEnvelopeAddress(address), { ...strippedSender, strip });
      assert.equal(normalised(), spelling);
      assert.equal(normalised(stripping(part)), spelling);
      const others = senderParts.filter((name) => name !== part);
      assert.notEqual(normalised(stripping(...others)), spelling);
    });
  }
});
