import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DnsEntries } from '../../support/dns-responder.js';
import { policy, runSpf, v6 } from './spf-rig.js';

type Row = readonly [
  policy: string,
  prefix: number | undefined,
  more?: DnsEntries,
  client?: typeof v6,
];

function check(rows: readonly Row[]): void {
  for (const [text, prefix, more, client] of rows) {
    test(`${text}${client === undefined ? '' : ' (IPv6)'}: ${prefix ?? 'none'}`, async (t) => {
      const found = await runSpf(t, { ...policy(`v=spf1 ${text}`, more), ...client });
      assert.match(found.text, /^pass/);
      assert.equal(found.prefix, prefix);
    });
  }
}

const here = { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } as const;

describe('how much a client has in common with what the deciding term lists', () => {
  check([
    ['ip4:192.0.2.1 -all', 32],
    ['ip4:192.0.2.0/24 -all', 24],
    ['ip4:192.0.0.0/8 -all', 8],
    ['ip4:0.0.0.0/0 -all', 0],
    ['ip6:2001:db8::1 -all', 128, {}, v6],
    ['ip6:2001:db8::/32 -all', 32, {}, v6],
    ['ip6:::/0 -all', 0, {}, v6],
    ['a -all', 32, { 'example.test A': here }],
    ['a:x.example.test/20//48 -all', 20, { 'x.example.test': here }],
    ['a:x.example.test/20//48 -all', 48, { 'x.example.test': here }, v6],
    [
      'mx:x.example.test/28 -all',
      28,
      { 'x.example.test': { MX: ['10 m.example.test'] }, 'm.example.test': here },
    ],
  ]);
});

describe('that of the innermost policy counts', () => {
  const inner = (text: string): DnsEntries => ({ 'i.example.test': { TXT: [`v=spf1 ${text}`] } });
  check([
    ['include:i.example.test -all', 26, inner('ip4:192.0.2.0/26 -all')],
    ['include:i.example.test -all', undefined, inner('+all')],
    ['redirect=i.example.test', 26, inner('ip4:192.0.2.0/26 -all')],
    [
      'include:i.example.test -all',
      16,
      {
        ...inner('redirect=j.example.test'),
        'j.example.test': { TXT: ['v=spf1 a:k.example.test/16 ~all'] },
        'k.example.test': here,
      },
    ],
    // What did not match before does not matter.
    ['a:n.example.test exists:%{i}.n.example.test ip4:192.0.2.0/25 -all', 25],
  ]);
});

describe('terms that say nothing of addresses, or what this client wants to hear', () => {
  const names = { '1.2.0.192.in-addr.arpa': { PTR: ['mx.example.test'] }, 'mx.example.test': here };
  check([
    ['+all', undefined],
    ['exists:%{i}.n.example.test -all', undefined, { '192.0.2.1.n.example.test': here }],
    ['exists:n.example.test -all', undefined, { 'n.example.test': here }],
    ['ptr -all', undefined, names],
    ['a:%{i}.n.example.test -all', undefined, { '192.0.2.1.n.example.test': here }],
    ['a:%{h}.n.example.test -all', undefined, { 'mail.example.test.n.example.test': here }],
    [
      'include:%{ir}.n.example.test -all',
      undefined,
      { '1.2.0.192.n.example.test': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } },
    ],
    [
      'redirect=%{i}.n.example.test',
      undefined,
      { '192.0.2.1.n.example.test': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } },
    ],
    // The sender's own parts, and the family, are the same for all clients.
    ['a:%{l}.%{d}.%{v}.example.test -all', 32, { 'user.example.test.in-addr.example.test': here }],
  ]);
});

test('there is none where SPF does not pass by a term', async (t) => {
  const found = await runSpf(t, policy('v=spf1 ip4:198.51.100.0/24'));
  assert.deepEqual([found.text, found.prefix], ['neutral', undefined]);
});
