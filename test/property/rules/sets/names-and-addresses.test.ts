import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Parsed } from '../../../../src/config/parsed.js';
import { parsePostgreyAddress } from '../../../../src/config/postgrey-address.js';
import { parsePostgreyClient } from '../../../../src/config/postgrey-client.js';
import type { PostgreyEntry, PostgreyLine } from '../../../../src/config/postgrey-line.js';
import { createAddressSet } from '../../../../src/rules/sets/address-set.js';
import { parseAddressEntry } from '../../../../src/rules/sets/address-entry.js';
import type { AddressEntry } from '../../../../src/rules/sets/address-entry.js';
import { parseNameEntry } from '../../../../src/rules/sets/name-entry.js';
import type { NameEntry } from '../../../../src/rules/sets/name-entry.js';
import { createNameSet } from '../../../../src/rules/sets/name-set.js';
import { fc } from '../../../support/properties.js';
import { finish } from '../../../../src/rules/steps.js';

const label = fc.constantFrom('a', 'b', 'ab');
const extended = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('+'));
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

function matchesName(entry: NameEntry, subject: string): boolean {
  switch (entry.kind) {
    case 'name':
      return entry.name === subject;
    case 'below':
      return subject.endsWith(`.${entry.domain}`);
    case 'within':
      return `.${subject}`.endsWith(`.${entry.domain}`);
    case 'pattern':
      return entry.pattern.matches(subject);
  }
}

function matchesAddress(entry: AddressEntry, localPart: string, domain: string): boolean {
  switch (entry.kind) {
    case 'null':
      return localPart === '' && domain === '';
    case 'address':
      return entry.localPart === localPart && entry.domain === domain;
    case 'local':
      return entry.localPart === localPart;
    case 'domain':
      return entry.domain === domain;
    case 'below':
      return domain.endsWith(`.${entry.domain}`);
    case 'within':
      return `.${domain}`.endsWith(`.${entry.domain}`);
    case 'mailbox':
      return (
        (entry.domain === '' || entry.domain === domain) &&
        new RegExp(`^${entry.localPart.replaceAll('+', '\\+')}(\\+.+)?$`).test(localPart)
      );
    case 'pattern':
      return entry.pattern.matches(domain === '' ? localPart : `${localPart}@${domain}`);
  }
}

const patternText = name.map((written) => `/${written}$/`);

/** One entry of ours, or one as lists of Postgrey have it. */
interface Written<Entry> {
  readonly text: string;
  readonly value: Entry;
}

function readOurs<Entry>(parse: (text: string) => Parsed<Entry>, text: string): Written<Entry> {
  const parsed = parse(text);
  assert.ok('ok' in parsed, text);
  return { text, value: parsed.ok };
}

function readPostgreys<Entry>(
  parse: (line: PostgreyEntry) => PostgreyLine<Entry>,
  text: string,
): Written<Entry> {
  const read = parse({ text, line: 1, column: 1, isCut: false });
  const [value] = 'entries' in read ? read.entries : [];
  assert.ok(value !== undefined, text);
  return { text: `postgrey ${text}`, value };
}

describe('a set of host names', () => {
  test('finds a name if and only if one of its entries matches it, and says which', () => {
    const entry = fc.oneof(
      fc
        .oneof(
          name,
          name.map((domain) => `.${domain}`),
          patternText,
        )
        .map((text) => readOurs(parseNameEntry, text)),
      name.map((text) => readPostgreys(parsePostgreyClient, text)),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), name, (written, subject) => {
        const entries = written.map(({ text, value }) => {
          assert.ok(value.kind !== 'network' && value.kind !== 'nameless');
          return { value, place: text };
        });
        const found = finish(createNameSet(entries)).find(subject);
        const matching = entries.filter(({ value }) => matchesName(value, subject));
        if (found === undefined) assert.deepEqual(matching, []);
        else assert.ok(matching.some(({ place }) => place === found.place));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a set of addresses', () => {
  test('finds an address if and only if one of its entries matches it, and says which', () => {
    const ours = fc.oneof(
      fc.tuple(label, name).map(([local, domain]) => `${local}@${domain}`),
      name.map((domain) => `@${domain}`),
      name.map((domain) => `@.${domain}`),
      label.map((local) => `${local}@`),
      fc.constant('<>'),
      patternText,
    );
    const postgreys = fc.oneof(
      name,
      fc.tuple(extended, name).map(([local, domain]) => `${local}@${domain}`),
      extended.map((local) => `${local}@`),
    );
    const entry = fc.oneof(
      ours.map((text) => readOurs(parseAddressEntry, text)),
      postgreys.map((text) => readPostgreys(parsePostgreyAddress, text)),
    );
    const subject = fc.oneof(
      fc.tuple(extended, name),
      fc.tuple(extended, fc.constant('')),
      fc.constant<[string, string]>(['', '']),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), subject, (written, [local, domain]) => {
        const entries = written.map(({ text, value }) => ({ value, place: text }));
        const found = finish(createAddressSet(entries)).find({ localPart: local, domain });
        const matching = entries.filter(({ value }) => matchesAddress(value, local, domain));
        if (found === undefined) assert.deepEqual(matching, []);
        else assert.ok(matching.some(({ place }) => place === found.place));
      }),
      { numRuns: 3000 },
    );
  });
});
