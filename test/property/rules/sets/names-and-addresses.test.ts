import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { createAddressSet } from '../../../../src/rules/sets/address-set.js';
import { parseAddressEntry } from '../../../../src/rules/sets/address-entry.js';
import type { AddressEntry } from '../../../../src/rules/sets/address-entry.js';
import { parseNameEntry } from '../../../../src/rules/sets/name-entry.js';
import type { NameEntry } from '../../../../src/rules/sets/name-entry.js';
import { createNameSet } from '../../../../src/rules/sets/name-set.js';

const label = fc.constantFrom('a', 'b', 'ab');
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

function matchesName(entry: NameEntry, subject: string): boolean {
  switch (entry.kind) {
    case 'name':
      return entry.name === subject;
    case 'below':
      return subject.endsWith(`.${entry.domain}`);
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
    case 'pattern':
      return entry.pattern.matches(domain === '' ? localPart : `${localPart}@${domain}`);
  }
}

const patternText = name.map((written) => `/${written}$/`);

describe('a set of host names', () => {
  test('finds a name if and only if one of its entries matches it, and says which', () => {
    const entryText = fc.oneof(
      name,
      name.map((domain) => `.${domain}`),
      patternText,
    );
    fc.assert(
      fc.property(fc.array(entryText, { maxLength: 6 }), name, (texts, subject) => {
        const entries = texts.map((text) => {
          const parsed = parseNameEntry(text);
          assert.ok('ok' in parsed);
          return { value: parsed.ok, place: text };
        });
        const found = createNameSet(entries).find(subject);
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
    const entryText = fc.oneof(
      fc.tuple(label, name).map(([local, domain]) => `${local}@${domain}`),
      name.map((domain) => `@${domain}`),
      name.map((domain) => `@.${domain}`),
      label.map((local) => `${local}@`),
      fc.constant('<>'),
      patternText,
    );
    const subject = fc.oneof(
      fc.tuple(label, name),
      fc.tuple(label, fc.constant('')),
      fc.constant<[string, string]>(['', '']),
    );
    fc.assert(
      fc.property(fc.array(entryText, { maxLength: 6 }), subject, (texts, [local, domain]) => {
        const entries = texts.map((text) => {
          const parsed = parseAddressEntry(text);
          assert.ok('ok' in parsed, text);
          return { value: parsed.ok, place: text };
        });
        const found = createAddressSet(entries).find({ localPart: local, domain });
        const matching = entries.filter(({ value }) => matchesAddress(value, local, domain));
        if (found === undefined) assert.deepEqual(matching, []);
        else assert.ok(matching.some(({ place }) => place === found.place));
      }),
      { numRuns: 1000 },
    );
  });
});
