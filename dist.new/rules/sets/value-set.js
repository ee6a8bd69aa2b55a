import { createPatternSet } from './pattern-set.js';
/** Values: one look, and then the patterns. */
export function createValueSet(entries) {
    const values = new Map();
    const patterns = [];
    for (const entry of entries) {
        const { value, place } = entry;
        if (value.kind === 'pattern')
            patterns.push({ value, place });
        else if (!values.has(value.value))
            values.set(value.value, entry);
    }
    const patternSet = createPatternSet(patterns);
    return {
        size: entries.length,
        find: (subject) => values.get(subject) ?? patternSet.find(subject),
    };
}
//# sourceMappingURL=value-set.js.map