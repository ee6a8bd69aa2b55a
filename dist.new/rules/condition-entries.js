import { formatPlace } from './program-source.js';
function isEntry(value) {
    return (typeof value === 'object' &&
        value !== null &&
        'text' in value &&
        typeof value.text === 'string' &&
        'kind' in value &&
        typeof value.kind === 'string');
}
/**
 * The entries of a condition, those of its lists included.
 *
 * @returns undefined if its value is no list of entries
 */
export function entriesOf(source, value, path) {
    if (!Array.isArray(value))
        return undefined;
    const entries = value;
    if (!entries.every(isEntry))
        return undefined;
    return entries.flatMap((entry, index) => {
        if (entry.kind !== 'list') {
            return [{ value: entry, place: formatPlace(source.placeOf([...path, index])) }];
        }
        return contentOf(source.lists.get(entry.name ?? ''));
    });
}
function contentOf(content) {
    return Object.values(content ?? {}).flat();
}
//# sourceMappingURL=condition-entries.js.map