import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parsePostgreyClient } from '../../../src/config/postgrey-client.js';
import { postgreyEntriesOf } from '../../../src/config/postgrey-line.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { createClientSet } from '../../../src/rules/sets/client-set.js';
import { finish } from '../../../src/rules/steps.js';

/** What is found of an address, or of a name; `unknown` has none. */
function matches(line: string, subject: string): boolean {
  const entries = read(line).entries.map((value) => ({ value, place: line }));
  const clientAddress = parseIpAddress(subject);
  const hasName = clientAddress === undefined && subject !== 'unknown';
  const clientName = clientAddress === undefined ? subject : 'mx.test.example';
  const asked = {
    clientAddress: clientAddress ?? parseIpAddress('198.51.100.1'),
    clientName: hasName || clientAddress !== undefined ? clientName : undefined,
  };
  return finish(createClientSet(entries)).find(asked) !== undefined;
}

function read(line: string) {
  const [entry] = postgreyEntriesOf(line);
  assert.ok(entry !== undefined, line);
  const parsed = parsePostgreyClient(entry);
  assert.ok('entries' in parsed, line);
  return parsed;
}

/** As Postgrey 1.37 answers, which each was shown to. */
const AS_POSTGREY: readonly (readonly [
  entry: string,
  matching: readonly string[],
  others: readonly string[],
])[] = [
  [
    'example.com',
    ['example.com', 'a.example.com', 'A.EXAMPLE.COM'],
    ['badexample.com', 'example.com.evil', 'unknown'],
  ],
  ['com', ['com', 'a.b.com'], ['b.net']],
  ['a_b.example', ['a_b.example'], []],
  ['/^mx\\d+\\.regex\\.com$/', ['mx1.regex.com'], ['mx.regex.com', '192.0.2.1']],
  ['/^A\\.B$/ # x/y', ['a.b'], []],
  ['192.0.2.1', ['192.0.2.1'], ['192.0.2.2']],
  ['192.0.3.0/24 # ours', ['192.0.3.77'], ['192.0.4.1']],
  ['192.0.2.77/24', ['192.0.2.1'], []],
  ['0.0.0.0/0', ['192.0.2.1'], ['2001:db8::1']],
  ['10.30.40', ['10.30.40.9'], ['10.30.41.9']],
  ['2001:db8:aaaa::/48', ['2001:db8:aaaa:1::1'], ['2001:db8:aaab::1']],
  ['2001:db8::5/64', ['2001:db8::1'], []],
  ['[2001:db8:cccc::1]', ['2001:db8:cccc::1'], ['2001:db8:cccc::2']],
  ['[2001:db8::/32]', ['2001:db8::1'], []],
];

/** What Postgrey understands otherwise than was meant, and says nothing of. */
const MENDED: readonly (readonly [entry: string, matching: readonly string[], note: RegExp])[] = [
  [
    '10.20',
    ['10.20.0.5', '10.20.30.5'],
    /^is 10\.20\.0\.0\/16, .* takes it for 10\.20\.0\.0\/24: write 10\.20\.0 if/,
  ],
  [
    '.dotted.com',
    ['a.dotted.com'],
    /^matches all names below dotted\.com here; nothing in Postgrey: write dotted\.com /,
  ],
  ['example.com.', ['example.com', 'a.example.com'], /^matches here; nothing in Postgrey$/],
  ['/^mx[0-9]+\\.re#gex\\.com$/', [], /^matches here; Postgrey ends the pattern at its #$/],
  ['/^a\\.b$/i', ['a.b'], /^matches here; Postgrey knows no flag i$/],
  ['[192.0.2.1]', ['192.0.2.1'], /^matches here; not so in Postgrey$/],
  ['[2001:db8::]/32', ['2001:db8::1'], /^matches here; not so in Postgrey$/],
  ['unknown', ['unknown'], /^is "unknown": it lets every client pass .*: remove it if/],
  ['/known/', ['unknown'], /^matches "unknown": it lets every client pass that has no verified/],
  ['/^[^.]+$/', ['unknown'], /^matches "unknown": it lets every client pass that has no verified/],
  ['/./', ['unknown', 'a.b'], /^matches every name: it lets every client pass: remove it if/],
];

/** What has no effect in Postgrey, which mostly says nothing of it. */
const WITHOUT_EFFECT: readonly (readonly [entry: string, note: RegExp])[] = [
  ['/has space/', /it is a pattern with a blank: write \\s for it$/],
  ['/a.b', /it is a pattern without an end: write \/a\.b\/$/],
  ['//', /it is an empty pattern$/],
  ['two words', /it has a blank in it: write one entry a line$/],
  ['172', /it is a name of digits: write 172\.0\.0\.0\/8 for the network$/],
  ['300.1', /it is no network$/],
  ['172.16.0.1-172.16.0.9', /it is no network: write 192\.0\.2\.0\/24/],
  ['1.2.3.4/33', /it is no network/],
  ['10.20.30/24', /it is no network/],
  ['10.20.30.', /it is no network/],
  ['10.1.1.010', /it is no network/],
  ['192.0.3.0/255.255.255.0', /it is no network/],
  ['2001:db8:bbbb:', /it is no network/],
  ['*.x.com', /it has a \* in it: write \.x\.com /],
  ['@example.com', /it is not a host name/],
  ['a.b/', /it is not a host name/],
];

function notesOf(line: string): readonly string[] {
  return read(line).notes.map(
    ({ problem, hint }) => problem + (hint === undefined ? '' : `: ${hint}`),
  );
}

describe("a line of Postgrey's client list", () => {
  for (const [entry, matching, others] of AS_POSTGREY)
    test(`${entry} is what it is in Postgrey`, () => {
      assert.deepEqual(notesOf(entry), []);
      for (const subject of matching) assert.ok(matches(entry, subject), subject);
      for (const subject of others) assert.ok(!matches(entry, subject), subject);
    });

  for (const [entry, matching, note] of MENDED)
    test(`${entry} is what was meant, and the difference is told`, () => {
      const [first, second] = notesOf(entry);
      assert.match(first ?? '', note);
      assert.equal(second, undefined);
      for (const subject of matching) assert.ok(matches(entry, subject), subject);
    });

  for (const [entry, note] of WITHOUT_EFFECT)
    test(`${entry} has no effect, and that is told`, () => {
      assert.deepEqual(read(entry).entries, []);
      assert.match(notesOf(entry).join(), note);
      assert.match(notesOf(entry).join(), /^has no effect, as in Postgrey: /);
    });

  test('`.dotted.com` is not the domain itself, and a pattern with # keeps its end', () => {
    assert.ok(!matches('.dotted.com', 'dotted.com'));
    const [entry] = read('/^x#y$/ #c').entries;
    assert.ok(entry?.kind === 'pattern' && entry.pattern.matches('x#y'));
    assert.ok(!entry.pattern.matches('x'));
  });

  for (const [entry, problem] of [
    ['/(/', /wrong pattern: missing closing/],
    ['/^(?!bad)/', /a lookaround/],
    ['/(a)\\1/', /a backreference/],
    ['/^x\\Z/', /the anchor \\Z/],
  ] as const)
    test(`${entry} is a mistake`, () => {
      const [line] = postgreyEntriesOf(entry);
      assert.ok(line !== undefined);
      const parsed = parsePostgreyClient(line);
      assert.ok('problem' in parsed);
      assert.match(parsed.problem, problem);
    });
});
