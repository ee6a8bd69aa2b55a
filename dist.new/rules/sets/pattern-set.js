/**
 * Patterns, tried one after the other, except that those of a whole text, `^mx\.example\.org$`, are
 * looked up.
 */
export function createPatternSet(entries) {
    const whole = new Map();
    const others = [];
    for (const entry of entries) {
        const { literal } = entry.value.pattern;
        if (literal?.at !== 'whole')
            others.push(entry);
        else {
            const key = keyOf(literal.value, literal.ignoreCase);
            if (!whole.has(key))
                whole.set(key, entry);
        }
    }
    return {
        size: entries.length,
        find: (subject) => (whole.size === 0
            ? undefined
            : (whole.get(keyOf(subject, false)) ?? whole.get(keyOf(subject.toLowerCase(), true)))) ??
            others.find(({ value }) => value.pattern.matches(subject)),
    };
}
function keyOf(text, ignoreCase) {
    return `${ignoreCase ? 'i' : '='}${text}`;
}
//# sourceMappingURL=pattern-set.js.map