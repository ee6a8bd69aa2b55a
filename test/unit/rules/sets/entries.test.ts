import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConditionEntry } from '../../../../src/rules/sets/compile-entries.js';
import { listKinds } from '../../../../src/rules/sets/list-kinds.js';
import type { ListKind } from '../../../../src/rules/sets/list-kinds.js';

const LONG = 'a'.repeat(64);

/** What an entry is taken for, and how it is written then. */
const READ: readonly (readonly [kind: ListKind, text: string, is: string, written?: string])[] = [
  ['clients', '192.0.2.1', 'network'],
  ['clients', '192.0.2.1/32', 'network', '192.0.2.1'],
  ['clients', '192.0.2.0/24', 'network'],
  ['clients', '2001:DB8::/32', 'network', '2001:db8::/32'],
  ['clients', '2001:db8::1', 'network'],
  ['clients', 'MX.Example.net.', 'name', 'mx.example.net'],
  ['clients', 'localhost', 'name'],
  ['clients', '.Example.org', 'below', '.example.org'],
  ['clients', '/^mx\\d/', 'pattern'],
  ['names', 'friend', 'name'],
  ['names', '.bücher.example', 'below', '.xn--bcher-kva.example'],
  ['names', 'a_b.example', 'name'],
  ['senders', '<>', 'null'],
  ['senders', 'Joe@Example.org', 'address', 'joe@example.org'],
  ['senders', '"a b"@example.org', 'address'],
  ['senders', 'joe@[192.0.2.1]', 'address'],
  ['senders', '@Example.org', 'domain', '@example.org'],
  ['senders', '@.Example.org', 'below', '@.example.org'],
  ['recipients', 'Postmaster@', 'local', 'postmaster@'],
  ['recipients', '/^list-/', 'pattern'],
  ['values', 'anything at all', 'value'],
  ['values', '/O=Example/CN=mx', 'value'],
  ['values', '/^a/i', 'pattern'],
];

const REFUSED: readonly (readonly [ListKind, text: string, problem: RegExp, hint: RegExp])[] = [
  [
    'clients',
    '192.0.2.1/24',
    /address with a prefix/,
    /write 192\.0\.2\.0\/24 .* or 192\.0\.2\.1 /,
  ],
  ['clients', '192.0.2', /not a network/, /write 192\.0\.2\.0\/24/],
  ['clients', '10.', /not a network/, /write 10\.0\.0\.0\/8/],
  ['clients', '192.0.2.999', /not a network/, /2001:db8::\/32/],
  ['clients', '999.1', /not a network/, /2001:db8::\/32/],
  ['clients', '192.0.2.0/33', /not a network/, /192\.0\.2\.0\/24/],
  ['clients', '2001:db8:', /not a network/, /2001:db8::\/32/],
  ['clients', 'private', /not a client/, /trusted/],
  ['clients', 'loopback', /not a client/, /trusted/],
  ['clients', 'unknown', /not a client/, /client-name: missing/],
  ['clients', 'mailhost', /host on the Internet/, /names below it/],
  ['clients', '*.example.org', /has a \*/, /write \.example\.org /],
  ['clients', '*example.org', /has a \*/, /write \.example\.org /],
  ['clients', 'two words', /not a host name/, /a pattern/],
  ['clients', '/(/', /missing closing/, /a backslash/],
  ['names', `${LONG}.example`, /not a host name/, /a pattern/],
  ['names', 'a..example', /not a host name/, /a pattern/],
  ['names', '', /not a host name/, /a pattern/],
  ['senders', 'example.org', /not an address/, /write '@example.org'/],
  ['senders', 'joe', /not an address/, /'joe@'/],
  ['senders', '@', /not an address/, /'joe@'/],
  ['senders', 'joe@.', /not an address/, /'joe@'/],
  ['senders', 'joe@a..b', /no domain behind/, /'joe@'/],
  ['senders', 'joe@.example.org', /a local part and all domains/, /'@\.example\.org'/],
  ['senders', '<joe@example.org>', /has brackets/, /write 'joe@example.org'/],
  ['senders', '*@example.org', /not an address/, /write '@example.org'/],
  ['senders', 'joe*@example.org', /not an address/, /a pattern/],
  ['senders', '@*.example.org', /has a \*/, /write '@\.example\.org'/],
  ['senders', 'a b@example.org', /a blank/, /'joe@'/],
  ['senders', '/(/', /missing closing/, /a backslash/],
  ['values', '', /is empty/, /a text or a pattern/],
  ['values', '/(/', /missing closing/, /a backslash/],
];

describe('an entry', () => {
  for (const [kind, text, is, written = text] of READ)
    test(`of ${kind} reads ${text}`, () => {
      const parsed = listKinds[kind].parse(text);
      assert.ok('ok' in parsed, JSON.stringify(parsed));
      assert.deepEqual([parsed.ok.kind, parsed.ok.text], [is, written]);
      const again = listKinds[kind].parse(written);
      assert.ok('ok' in again, written);
      assert.deepEqual([again.ok.kind, again.ok.text], [is, written]);
    });

  for (const [kind, text, problem, hint] of REFUSED)
    test(`of ${kind} refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
      const parsed = listKinds[kind].parse(text);
      assert.ok('problem' in parsed, 'was taken');
      assert.match(parsed.problem, problem);
      assert.match(parsed.hint ?? '', hint);
    });

  test('may be the name of a list, in a condition', () => {
    assert.deepEqual(parseConditionEntry('clients')('list:our-mx'), {
      ok: { kind: 'list', text: 'list:our-mx', name: 'our-mx' },
    });
    for (const text of ['list:', 'list: our-mx', 'list:-x'])
      assert.ok('problem' in parseConditionEntry('clients')(text), text);
  });
});
