import type { ListEntry } from '../condition.js';
import { visitInSteps, type Steps } from '../steps.js';
import type { AddressEntry } from './address-entry.js';
import { DomainTable } from './domain-table.js';
import type { EntrySet } from './entry-set.js';
import { MailboxTable } from './mailbox-table.js';
import { createPatternSet } from './pattern-set.js';
import type { PatternEntry } from './pattern-set.js';

/** Whom an address list is asked for; both empty for the null sender. */
export interface AddressSubject {
  readonly localPart: string;
  readonly domain: string;
}

/** Addresses: one look for each form, one for each label of the domain, and then the patterns. */
export function* createAddressSet(
  entries: readonly ListEntry<AddressEntry>[],
): Steps<EntrySet<AddressSubject, AddressEntry>> {
  /** By their text: `joe@example.org`, `@example.org`, `joe@` and `<>` cannot be confused. */
  const known = new Map<string, ListEntry<AddressEntry>>();
  const mailboxes = new MailboxTable<ListEntry<AddressEntry>>();
  const domains = new DomainTable<ListEntry<AddressEntry>>();
  const patterns: ListEntry<AddressEntry & PatternEntry>[] = [];
  const addKnown = (text: string, entry: ListEntry<AddressEntry>): void => {
    if (!known.has(text)) known.set(text, entry);
  };
  yield* visitInSteps(entries, (entry) => {
    const { value, place } = entry;
    switch (value.kind) {
      case 'within':
        addKnown(`@${value.domain}`, entry);
        domains.add(value.domain, entry);
        break;
      case 'below':
        domains.add(value.domain, entry);
        break;
      case 'mailbox':
        mailboxes.add(value.localPart, value.domain, entry);
        break;
      case 'pattern':
        patterns.push({ value, place });
        break;
      case 'null':
      case 'address':
      case 'local':
      case 'domain':
        addKnown(value.text, entry);
        break;
    }
  });
  const patternSet = createPatternSet(patterns);
  // A thousand rules with a pattern each would look for nothing in four tables each.
  const hasOnlyPatterns = patterns.length === entries.length;
  return {
    size: entries.length,
    find: ({ localPart: written, domain }) => {
      const localPart = written.toLowerCase();
      if (hasOnlyPatterns) return patternSet.find(plainText(localPart, domain));
      if (localPart === '' && domain === '') return known.get('<>') ?? patternSet.find('');
      const address = plainText(localPart, domain);
      return (
        known.get(domain === '' ? `${localPart}@` : address) ??
        mailboxes.find(localPart, domain) ??
        known.get(`@${domain}`) ??
        domains.findAbove(domain) ??
        known.get(`${localPart}@`) ??
        patternSet.find(address)
      );
    },
  };
}

function plainText(localPart: string, domain: string): string {
  return domain === '' ? localPart : `${localPart}@${domain}`;
}
