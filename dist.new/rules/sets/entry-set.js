/** Several sets as one; the first that knows the subject answers. */
export function joinSets(sets) {
    const [only, second] = sets;
    if (only !== undefined && second === undefined)
        return only;
    return {
        size: sets.reduce((sum, { size }) => sum + size, 0),
        find: (subject) => {
            for (const set of sets) {
                const found = set.find(subject);
                if (found !== undefined)
                    return found;
            }
            return undefined;
        },
    };
}
//# sourceMappingURL=entry-set.js.map