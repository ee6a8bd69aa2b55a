/** How settings of these kinds are described; what is said of a wrong value depends on it. */
export const A_DURATION = 'a duration such as 90s, 5m or 2d';
export const A_FLAG = 'true or false';
export const A_MAPPING = 'a mapping';
/** The setting at a path, or the one whose list the path leads into; undefined if there is none. */
export function findSetting(root, path) {
    const [part, ...rest] = path;
    if (part === undefined)
        return root;
    const inner = typeof part === 'string' ? settingOf(part, root) : root.element;
    if (inner !== undefined)
        return findSetting(inner, rest);
    return typeof part === 'number' ? root : undefined;
}
/** What a key leads to; one mapping may stand where a list of them is allowed. */
function settingOf(key, { children, element, takes }) {
    return children.get(key) ?? (takes === 'list' ? element?.children.get(key) : element);
}
/** All single settings below one, in the order of the file. */
export function leafSettings(setting) {
    // What is off as a whole has no parts to show.
    if (setting.children.size === 0 || setting.fallback === null)
        return [setting];
    return [...setting.children.values()].flatMap(leafSettings);
}
//# sourceMappingURL=settings.js.map