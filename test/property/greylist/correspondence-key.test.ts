import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  correspondenceKey,
  parseCorrespondenceKey,
} from '../../../src/greylist/correspondence-key.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { normaliseAddress } from '../../../src/mail/normalise-address.js';
import { strippedSender, wholeRecipient } from '../../support/address-forms.js';
import { networkContains } from '../../../src/mail/network.js';
import { anyAddress, closeAddress } from './arbitraries.js';
import { fc } from '../../support/properties.js';

const part = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'c', 'n', '\0', '\x01', '0000', '\ud800', '\udc00', '@', '/'),
    maxLength: 6,
  }),
  fc.string({ unit: 'binary' }),
  fc.emailAddress(),
);

const network = fc.record({ ipv4: fc.nat(32), ipv6: fc.nat(128) });

describe('the key of a correspondence', () => {
  test('reads back as the parties it was made of', () => {
    fc.assert(
      fc.property(part, part, anyAddress, network, (sender, recipient, client, prefixes) => {
        const key = correspondenceKey({ sender, recipient, client, network: prefixes });
        // What a store makes of it: UTF-8, and back.
        assert.equal(Buffer.from(key, 'utf8').toString('utf8'), key);
        const parsed = parseCorrespondenceKey(key);
        assert.equal(parsed?.recipient, recipient);
        if (parsed.kind === 'pair') assert.equal(parsed.sender, sender);
        else assert.ok(sender === '' && networkContains(parsed.network, client));
      }),
      { numRuns: 500 },
    );
  });

  test('is never shared by different pairs', () => {
    fc.assert(
      fc.property(part, part, part, part, (senderA, recipientA, senderB, recipientB) => {
        fc.pre(senderA !== senderB || recipientA !== recipientB);
        fc.pre(senderA !== '' || senderB !== '');
        const [client] = fc.sample(anyAddress, { numRuns: 1, seed: 1 });
        assert.ok(client !== undefined);
        const common = { client, network: { ipv4: 24, ipv6: 64 } };
        const keyA = correspondenceKey({ sender: senderA, recipient: recipientA, ...common });
        const keyB = correspondenceKey({ sender: senderB, recipient: recipientB, ...common });
        assert.notEqual(keyA, keyB);
      }),
      { numRuns: 500 },
    );
  });

  test('of the null sender is shared just by clients of one network', () => {
    fc.assert(
      fc.property(closeAddress, closeAddress, network, (a, b, prefixes) => {
        const common = { sender: '', recipient: 'c@d', network: prefixes };
        const keyA = correspondenceKey({ ...common, client: a });
        const keyB = correspondenceKey({ ...common, client: b });
        const parsed = parseCorrespondenceKey(keyA);
        assert.ok(parsed?.kind === 'null-sender');
        assert.equal(keyA === keyB, networkContains(parsed.network, b));
      }),
      { numRuns: 500 },
    );
  });

  test('does not depend on letter case where that means nothing', () => {
    const keyOf = (sender: string, recipient: string): string => {
      const [client] = fc.sample(anyAddress, { numRuns: 1, seed: 1 });
      assert.ok(client !== undefined);
      return correspondenceKey({
        sender: normaliseAddress(parseEnvelopeAddress(sender), strippedSender),
        recipient: normaliseAddress(parseEnvelopeAddress(recipient), wholeRecipient),
        client,
        network: { ipv4: 24, ipv6: 64 },
      });
    };
    fc.assert(
      fc.property(fc.emailAddress(), fc.emailAddress(), (sender, recipient) => {
        const key = keyOf(sender, recipient);
        assert.equal(keyOf(`<${sender.toUpperCase()}>`, recipient.toLowerCase()), key);
        assert.equal(keyOf(sender.toLowerCase(), `<${recipient.toUpperCase()}> ORCPT=x`), key);
      }),
      { numRuns: 300 },
    );
  });
});
