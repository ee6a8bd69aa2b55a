import { readYaml } from './yaml-text.js';
function isMapping(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function refuse(origin, path, problem, hint) {
    return { file: origin, line: undefined, column: undefined, path, text: '', problem, hint };
}
/** Reads the argument of `--set`: a setting's path, `=`, and its value as YAML. */
export function parseOverride(argument) {
    const origin = `--set ${argument}`;
    const equals = argument.indexOf('=');
    const name = argument.slice(0, Math.max(equals, 0)).trim();
    const path = name.split('.');
    if (equals < 0 || path.includes('')) {
        const hint = 'write --set and a setting: --set greylist.delay=60s';
        return { issues: [refuse(origin, '', 'is not a setting and a value', hint)] };
    }
    const yaml = readYaml(argument.slice(equals + 1));
    if (yaml.problems.length === 0)
        return { ok: { origin, path, value: yaml.value } };
    return { issues: yaml.problems.map(({ problem, hint }) => refuse(origin, name, problem, hint)) };
}
/** Puts a value at a path: mappings are merged, everything else is replaced. */
export function withValue(base, path, value) {
    const [key, ...rest] = path;
    if (typeof key === 'number')
        return withElement(base, key, withValue(undefined, rest, value));
    const mapping = isMapping(base) ? base : {};
    if (key !== undefined) {
        const inner = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
        return { __proto__: null, ...mapping, [key]: withValue(inner, rest, value) };
    }
    if (!isMapping(value) || !isMapping(base))
        return value;
    let merged = base;
    for (const [name, inner] of Object.entries(value))
        merged = withValue(merged, [name], inner);
    return merged;
}
/** Puts an element at its place in a list, or behind a list that ends there. */
function withElement(base, index, element) {
    const list = Array.isArray(base) ? base : [];
    return [...list.slice(0, index), element, ...list.slice(index + 1)];
}
/** Removes what stands at a path. */
export function withoutValue(base, path) {
    const [key, ...rest] = path;
    if (!isMapping(base) || key === undefined || !Object.hasOwn(base, key))
        return base;
    const { [String(key)]: inner, ...others } = base;
    const kept = { __proto__: null, ...others };
    return rest.length === 0 ? kept : { ...kept, [key]: withoutValue(inner, rest) };
}
//# sourceMappingURL=overrides.js.map