import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DnsEntries } from '../../support/dns-responder.js';
import { readSpfPolicy } from '../../../src/lookups/spf-policy.js';
import { runSpf } from './spf-rig.js';
import { fc } from '../../support/properties.js';

const names = fc.constantFrom('a.test', 'b.test', 'c.test', '%{d}', '_%{ir}.%{d2}', '%{l}.a.test');
const term = fc
  .tuple(
    fc.constantFrom('', '-', '~', '?'),
    fc.oneof(
      fc.constantFrom('a', 'mx', 'ptr', 'ip4:192.0.2.0/30', 'ip6:2001:db8::/32', 'x', 'a/0//0'),
      fc
        .tuple(fc.constantFrom('include:', 'a:', 'mx:', 'exists:', 'ptr:'), names)
        .map(([mechanism, name]) => mechanism + name),
    ),
  )
  .map(([sign, text]) => sign + text);
const policy = fc
  .tuple(fc.array(term, { maxLength: 6 }), fc.constantFrom('', ' -all', ' redirect=b.test'))
  .map(([terms, end]) => `v=spf1 ${terms.join(' ')}${end}`);
const entry = fc.oneof(
  fc.record({ TXT: policy.map((text) => [text]), MX: fc.constant(['10 a.test', '20 b.test']) }),
  fc.constant({ A: ['192.0.2.1'], AAAA: ['2001:db8::1'] }),
  fc.constantFrom('servfail' as const, 'refused' as const),
);

describe('SPF policies of anybody', () => {
  test('are read or refused, whatever is in them', () => {
    const words = fc.array(fc.oneof(term, fc.string(), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(words, (terms) => {
        const text = `v=spf1 ${terms.join(' ')}`;
        const read = readSpfPolicy(text);
        assert.ok('problem' in read || read.terms.length <= text.split(' ').length);
      }),
      { numRuns: 500 },
    );
  });

  test('end in an answer after a bounded number of questions', async (t) => {
    const zone = fc.record({
      'example.test': policy.map((text) => ({ TXT: [text] })),
      'a.test': entry,
      'b.test': entry,
      'c.test': entry,
      '1.2.0.192.in-addr.arpa': fc.constant({ PTR: ['a.test', 'example.test'] }),
    });
    await fc.assert(
      fc.asyncProperty(zone, async (dns: DnsEntries) => {
        const { text, questions } = await runSpf(t, { dns });
        assert.match(text, /^(?:none|neutral|pass|fail|softfail|permerror|unknown:)(?: |$)/);
        // Ten terms, each with at most ten names of two families, and the policy itself.
        assert.ok(questions.length <= 211, `${questions.length} questions`);
      }),
      { numRuns: 60 },
    );
  });
});
