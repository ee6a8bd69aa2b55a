/** A value, and where it comes from. */
export class Placed {
    value;
    place;
    constructor(value, place) {
        this.value = value;
        this.place = place;
    }
}
/** Says of a value, and of all in it that says nothing itself, where it comes from. */
export function at(place, value) {
    return new Placed(value, place);
}
/** The value without its place. */
export function bare(node) {
    return node instanceof Placed ? bare(node.value) : node;
}
const nameOf = (path) => path.join('\0');
/** Takes the places out of a value. What is undefined is left out. */
export function plant(node) {
    const places = new Map();
    const placed = [];
    const read = (inner, path, around) => {
        if (inner instanceof Placed) {
            placed.push({ path, place: inner.place });
            return read(inner.value, path, inner.place);
        }
        if (around !== undefined)
            places.set(nameOf(path), around);
        if (typeof inner !== 'object' || inner === null)
            return inner;
        if (isList(inner)) {
            return inner
                .filter((element) => element !== undefined)
                .map((element, index) => read(element, [...path, index], around));
        }
        // Without a prototype, as YAML is read, so that a key is never anything but a key.
        const mapping = { __proto__: null };
        for (const [key, value] of Object.entries(inner)) {
            if (bare(value) !== undefined)
                mapping[key] = read(value, [...path, key], around);
        }
        return mapping;
    };
    const value = read(node, [], undefined);
    return { value, placed, place: (path) => places.get(nameOf(path)) };
}
function isList(node) {
    return Array.isArray(node);
}
//# sourceMappingURL=placed.js.map