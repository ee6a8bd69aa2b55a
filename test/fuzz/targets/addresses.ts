import assert from 'node:assert/strict';
import { parseSignedSender } from '../../../src/mail/batv.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { isGenericName } from '../../../src/mail/generic-name.js';
import { verifiedName } from '../../../src/mail/host-name.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { networkContains, networkOf, parseNetwork } from '../../../src/mail/network.js';
import {
  normaliseAddress,
  type AddressNormalisation,
} from '../../../src/mail/normalise-address.js';
import { registeredDomain } from '../../../src/mail/registered-domain.js';
import { areOfOneSite } from '../../../src/mail/same-site.js';
import { parseRewrittenSender } from '../../../src/mail/srs.js';
import {
  shortRecipient,
  strippedSender,
  wholeRecipient,
  writtenSender,
} from '../../support/address-forms.js';
import type { FuzzTarget } from '../fuzz-target.js';

const forms: readonly AddressNormalisation[] = [
  ...[strippedSender, writtenSender, shortRecipient, wholeRecipient],
];

/** Addresses of mail and of machines, and names: whatever it is, it has one form, and that is its own. */
export const addresses: FuzzTarget = {
  name: 'addresses',
  seeds: () =>
    [
      ...[
        '<user@example.org>',
        '<>',
        '"a b"@example.org',
        '<@a,@b:user@example.net>',
        'postmaster',
      ],
      ...['prvs=0123abcdef=user@example.org', 'SRS0=abcd=XY=example.net=user@example.org'],
      ...[
        'SRS1=abcd=a.example==wxyz=XY=b.example=user@c.example',
        'bounce-123-user=d.example@e.example',
      ],
      ...['192.0.2.7', '2001:db8::1', '::ffff:192.0.2.7', '198.51.100.0/24', 'user@[IPv6:::1]'],
      ...[
        'dsl-192-0-2-7.pool.example.net',
        'mail.example.co.uk',
        'üser@bücher.example',
        'a+b@c.example',
      ],
    ].map((text) => Buffer.from(text)),
  words: [
    ...['@', '<', '>', '"', '\\', '.', ':', '::', '/', '[', ']', '+', '-', '=', '#', '%', 'prvs='],
    ...[
      'SRS0=',
      'SRS1=',
      '==',
      'xn--',
      'ü',
      '\u{1f600}',
      'e\u0301',
      '\u3002',
      '\ufeff',
      '0',
      '/128',
    ],
  ],
  maxBytes: 600,
  run: (input) => {
    // As protocols hand it over: text if it is text, else a character for each byte.
    for (const encoding of ['utf8', 'latin1'] as const) readAll(input.toString(encoding));
  },
};

function readAll(text: string): void {
  readMail(text);
  readMachine(text);
  readNames(text);
}

function readMail(text: string): void {
  const address = parseEnvelopeAddress(text);
  assert.equal(address.text === '', address.localPart === '' && address.domain === '', text);
  const isLiteral = address.domain.startsWith('[');
  if (!isLiteral) assert.equal(address.domain, address.domain.toLowerCase());
  for (const form of forms) {
    const normal = normaliseAddress(address, form);
    assert.equal(normal === '', address.text === '', 'only the null sender is empty');
    const again = normaliseAddress(parseEnvelopeAddress(normal), form);
    assert.equal(again, normal, `${form.form} form`);
  }
  parseSignedSender(address.localPart);
  parseRewrittenSender(address.localPart);
}

function readMachine(text: string): void {
  const address = parseIpAddress(text);
  if (address !== undefined) {
    assert.deepEqual(parseIpAddress(address.text), address);
    const network = networkOf(address, address.bytes.length * 4);
    assert.ok(networkContains(network, address));
    isGenericName(text, address);
  }
  const network = parseNetwork(text);
  if (network !== undefined) assert.ok(network.prefix <= network.bytes.length * 8);
}

function readNames(text: string): void {
  const name = verifiedName(text);
  if (name !== undefined) assert.equal(verifiedName(name), name);
  registeredDomain(text);
  isGenericName(text);
  const host = parseIpAddress('192.0.2.7');
  if (name === undefined || host === undefined) return;
  areOfOneSite({ name, address: host }, { name: `x.${name}`, address: host });
}
