import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parsePostgreyAddress } from '../../../src/config/postgrey-address.js';
import { postgreyEntriesOf } from '../../../src/config/postgrey-line.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { createAddressSet } from '../../../src/rules/sets/address-set.js';
import { finish } from '../../../src/rules/steps.js';

function read(line: string) {
  const [entry] = postgreyEntriesOf(line);
  assert.ok(entry !== undefined, line);
  const parsed = parsePostgreyAddress(entry);
  assert.ok('entries' in parsed, line);
  return parsed;
}

function matches(line: string, address: string): boolean {
  const entries = read(line).entries.map((value) => ({ value, place: line }));
  return finish(createAddressSet(entries)).find(parseEnvelopeAddress(address)) !== undefined;
}

function notesOf(line: string): string {
  return read(line)
    .notes.map(({ problem, hint }) => problem + (hint === undefined ? '' : `: ${hint}`))
    .join();
}

/** As Postgrey 1.37 answers, which each was shown to. */
const AS_POSTGREY: readonly (readonly [
  entry: string,
  matching: readonly string[],
  others: readonly string[],
])[] = [
  [
    'user@full.example # ours',
    ['user@full.example', 'user+x@full.example', 'user+a+b@full.example', 'USER@FULL.EXAMPLE'],
    ['user@sub.full.example', 'user-x@full.example', 'user+@full.example', 'use@full.example'],
  ],
  [
    'a+ext@plus.example',
    ['a+ext@plus.example', 'a+ext+foo@plus.example'],
    ['a@plus.example', 'a+other@plus.example'],
  ],
  ['user@', ['user@x.example', 'user+e@y.example', 'USER@x'], ['users@x.example']],
  [
    'dom.example',
    ['x@dom.example', 'x@sub.dom.example'],
    ['x@baddom.example', 'dom.example@x.example'],
  ],
  ['/^U.*@d/', ['user@d.example'], ['me@d.example']],
  ['a.c@d.example', ['a.c@d.example'], ['abc@d.example']],
  ['localhost', ['root@localhost'], []],
];

const MENDED: readonly (readonly [entry: string, matching: readonly string[], note: RegExp])[] = [
  [
    '@d.example',
    ['x@d.example'],
    /^matches all addresses of the domain here; nothing in Postgrey$/,
  ],
  ['.d.example', ['x@a.d.example'], /^matches all domains below it here; nothing in Postgrey$/],
  ['@.d.example', ['x@a.d.example'], /^matches all domains below it here/],
  ['user@d.example.', ['user@d.example'], /^matches here; nothing in Postgrey$/],
  ['d.example.', ['user@d.example'], /^matches here; nothing in Postgrey$/],
  ['/^x#y/', ['x#y@d.example'], /Postgrey ends the pattern at its #/],
  ['postmaster', ['x@postmaster'], /^is taken for a domain: write postmaster@ for any domain$/],
];

const WITHOUT_EFFECT: readonly (readonly [entry: string, note: RegExp])[] = [
  ['two words@d.example', /it has a blank in it/],
  ['/a b/', /it is a pattern with a blank/],
  ['*@d.example', /it is not an address: write '@d\.example'/],
  ['<user@d.example>', /it has brackets: write 'user@d\.example'/],
  ['user@.d.example', /it has a local part and all domains below one/],
];

describe("a line of Postgrey's recipient list", () => {
  for (const [entry, matching, others] of AS_POSTGREY)
    test(`${entry} is what it is in Postgrey`, () => {
      assert.equal(notesOf(entry), '');
      for (const address of matching) assert.ok(matches(entry, address), address);
      for (const address of others) assert.ok(!matches(entry, address), address);
    });

  for (const [entry, matching, note] of MENDED)
    test(`${entry} is what was meant, and the difference is told`, () => {
      assert.match(notesOf(entry), note);
      for (const address of matching) assert.ok(matches(entry, address), address);
    });

  for (const [entry, note] of WITHOUT_EFFECT)
    test(`${entry} has no effect, and that is told`, () => {
      assert.deepEqual(read(entry).entries, []);
      assert.match(notesOf(entry), note);
    });

  test('`.d.example` is not the domain itself, nor `@d.example` those below it', () => {
    assert.ok(!matches('.d.example', 'x@d.example'));
    assert.ok(!matches('@d.example', 'x@a.d.example'));
  });

  test('may be about senders, and then the null sender', () => {
    assert.equal(notesOf('<>'), '');
    assert.ok(matches('<>', ''));
    assert.ok(!matches('<>', 'x@d.example'));
  });

  test('has a comment up to the end of its line, whatever is in it', () => {
    const found = [...postgreyEntriesOf('a@d.example # one\u2028two\nb@d.example')].map(
      ({ text }) => text,
    );
    assert.deepEqual(found, ['a@d.example', 'b@d.example']);
  });

  test('that is a wrong pattern is a mistake', () => {
    const [line] = postgreyEntriesOf('/(?=x)/');
    assert.ok(line !== undefined);
    assert.ok('problem' in parsePostgreyAddress(line));
  });
});
