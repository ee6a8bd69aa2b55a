import { at, Placed } from './placed.js';
/** A configuration that grows: mappings are merged, everything else is replaced. */
export function merge(base, more) {
    const merged = { ...base };
    for (const [key, value] of Object.entries(more)) {
        if (value === undefined)
            continue;
        const before = merged[key];
        merged[key] = isMapping(before) && isMapping(value) ? merge(before, value) : value;
    }
    return merged;
}
/** Says of each value in a mapping where it comes from. */
export function placeLeaves(place, mapping) {
    return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [
        key,
        isMapping(value) ? placeLeaves(place, value) : value === undefined ? value : at(place, value),
    ]));
}
function isMapping(node) {
    return (typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Placed));
}
//# sourceMappingURL=parts.js.map