import { DomainTable } from './domain-table.js';
import { createPatternSet } from './pattern-set.js';
/** Host names: one look for the name, one for each of its labels, and then the patterns. */
export function createNameSet(entries) {
    const names = new Map();
    const domains = new DomainTable();
    const patterns = [];
    for (const entry of entries) {
        const { value, place } = entry;
        switch (value.kind) {
            case 'name':
                if (!names.has(value.name))
                    names.set(value.name, entry);
                break;
            case 'below':
                domains.add(value.domain, entry);
                break;
            case 'within':
                if (!names.has(value.domain))
                    names.set(value.domain, entry);
                domains.add(value.domain, entry);
                break;
            case 'pattern':
                patterns.push({ value, place });
                break;
        }
    }
    const patternSet = createPatternSet(patterns);
    return {
        size: entries.length,
        find: (written) => {
            const name = written.toLowerCase();
            return names.get(name) ?? domains.findAbove(name) ?? patternSet.find(name);
        },
    };
}
//# sourceMappingURL=name-set.js.map