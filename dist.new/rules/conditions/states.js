/**
 * The states that a condition lists, with their places.
 *
 * @param path of the entries, below the condition's key
 */
export function compileStates(entries, context, path = []) {
    const states = new Map();
    for (const [index, value] of entries.entries()) {
        if (isState(value) && !states.has(value.state)) {
            states.set(value.state, { value, place: context.place([...path, index]) });
        }
    }
    return states;
}
function isState(entry) {
    return entry.kind === 'state';
}
//# sourceMappingURL=states.js.map