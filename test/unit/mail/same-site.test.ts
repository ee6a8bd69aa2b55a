import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { areOfOneSite, type NamedHost } from '../../../src/mail/same-site.js';

function host(name: string | undefined, address: string): NamedHost {
  const parsed = parseIpAddress(address);
  assert.ok(parsed !== undefined);
  return { name, address: parsed };
}

type Row = readonly [one: string | undefined, other: string | undefined, areOne: boolean];

function check(rows: readonly Row[]): void {
  for (const [one, other, areOne] of rows) {
    test(`${one ?? 'no name'} and ${other ?? 'no name'}: ${areOne ? 'the same' : 'two'}`, () => {
      const a = host(one, '192.0.2.17');
      const b = host(other, '198.51.100.34');
      assert.equal(areOfOneSite(a, b), areOne);
      assert.equal(areOfOneSite(b, a), areOne);
    });
  }
}

describe('names that agree after the first label show one site', () => {
  check([
    ['mail-oi1-f181.example.com', 'mail-ed1-f44.example.com', true],
    ['a4-5.smtp-out.eu-west-1.example.com', 'a48-104.smtp-out.eu-west-1.example.com', true],
    ['out1.example.co.uk', 'out2.example.co.uk', true],
    ['mx.example.com', 'mx.example.com', true],
    // A name for several addresses.
    ['example.com', 'example.com', true],
  ]);
});

describe('other names show nothing', () => {
  check([
    [undefined, undefined, false],
    ['mx.example.com', undefined, false],
    ['mx.example.com', 'mx.example.org', false],
    ['mx.a.example.com', 'mx.b.example.com', false],
    ['a.mx.example.com', 'mx.example.com', false],
    ['localhost', 'mailhost', false],
    ['localhost', 'localhost', false],
  ]);
});

describe('names under a public suffix or in a shared cloud show nothing', () => {
  check([
    ['one.com', 'two.com', false],
    ['one.co.uk', 'two.co.uk', false],
    ['one.github.io', 'two.github.io', false],
    ['mail.eu-west-1.compute.amazonaws.com', 'mx.eu-west-1.compute.amazonaws.com', false],
    ['mail.eastus.cloudapp.azure.com', 'mx.eastus.cloudapp.azure.com', false],
    ['premium12.web-hosting.com', 'premium77.web-hosting.com', false],
  ]);
});

describe('names that look generated show nothing, whatever they agree in', () => {
  check([
    ['host-192-0-2-17.example.net', 'host-198-51-100-34.example.net', false],
    ['mx.example.net', 'host-198-51-100-34.example.net', false],
    ['c0000211.example.net', 'mx.example.net', false],
    ['17.dyn.example.net', '34.dyn.example.net', false],
    ['adsl-17.pool.example.net', 'adsl-34.pool.example.net', false],
    ['a.static.example.net', 'b.static.example.net', false],
    // Octets of the very address, which only a generated name knows.
    ['cust-2-17.example.net', 'cust-100-34.example.net', false],
  ]);
});
