/** What stands at a path in plain data; undefined if nothing does. */
export function valueAt(value, path) {
    let inner = value;
    for (const part of path) {
        if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part))
            return undefined;
        inner = Reflect.get(inner, part);
    }
    return inner;
}
function startsWith(path, prefix) {
    return prefix.every((part, index) => part === path[index]);
}
/** The option that set what stands at a path, or, for a mapping, something in it. */
function overrideOf(path, overrides) {
    const outer = overrides.findLast((override) => startsWith(path, override.path) &&
        (override.path.length === path.length ||
            valueAt(override.value, path.slice(override.path.length)) !== undefined));
    return outer ?? overrides.findLast((override) => startsWith(override.path, path));
}
/** The place of a line and column in a file. */
export function originInFile(source, place) {
    const text = source.text.split('\n')[place.line - 1] ?? '';
    return { file: source.name, line: place.line, column: place.column, text: text.trimEnd() };
}
/**
 * Finds who wrote the value at a path: the last option that did, or else the file. A value that
 * stands for a list of one is found as its first element.
 *
 * @returns undefined if it is a default
 */
export function findOrigin(path, at, from) {
    const written = from.source?.yaml.written(path);
    const override = overrideOf(path, from.overrides);
    if (override && (written === undefined || startsWith(path, override.path))) {
        const origin = override.origins?.[Number(path[override.path.length])] ?? override.origin;
        return { file: origin, line: undefined, column: undefined, text: '' };
    }
    if (from.source && written) {
        return originInFile(from.source, at === 'key' ? (written.key ?? written.value) : written.value);
    }
    return typeof path.at(-1) === 'number' ? findOrigin(path.slice(0, -1), at, from) : undefined;
}
//# sourceMappingURL=origins.js.map