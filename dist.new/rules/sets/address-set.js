import { DomainTable } from './domain-table.js';
import { MailboxTable } from './mailbox-table.js';
import { createPatternSet } from './pattern-set.js';
/** Addresses: one look for each form, one for each label of the domain, and then the patterns. */
export function createAddressSet(entries) {
    /** By their text: `joe@example.org`, `@example.org`, `joe@` and `<>` cannot be confused. */
    const known = new Map();
    const mailboxes = new MailboxTable();
    const domains = new DomainTable();
    const patterns = [];
    const addKnown = (text, entry) => {
        if (!known.has(text))
            known.set(text, entry);
    };
    for (const entry of entries) {
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
    }
    const patternSet = createPatternSet(patterns);
    return {
        size: entries.length,
        find: ({ localPart: written, domain }) => {
            const localPart = written.toLowerCase();
            if (localPart === '' && domain === '')
                return known.get('<>') ?? patternSet.find('');
            const address = domain === '' ? localPart : `${localPart}@${domain}`;
            return (known.get(domain === '' ? `${localPart}@` : address) ??
                mailboxes.find(localPart, domain) ??
                known.get(`@${domain}`) ??
                domains.findAbove(domain) ??
                known.get(`${localPart}@`) ??
                patternSet.find(address));
        },
    };
}
//# sourceMappingURL=address-set.js.map