import { joinSets } from './entry-set.js';
import { listKinds } from './list-kinds.js';
/** Reads an entry of a condition; `list:NAME` stands for all those of a named list. */
export function parseConditionEntry(kind) {
    return (text) => parseReference(text) ?? listKinds[kind].parse(text);
}
/** Writes an entry of any kind. */
export function formatEntry(entry) {
    return entry.text;
}
function parseReference(text) {
    const name = /^list:(.*)$/s.exec(text)?.[1];
    if (name === undefined)
        return undefined;
    if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))
        return { ok: { kind: 'list', text, name } };
    return { problem: 'names no list', hint: 'write list: and the name of a list, without a blank' };
}
/**
 * One set of the entries of a condition and of the lists that it names. Its own entries come first.
 *
 * @param entries undefined for those that are none of a list, so that the others keep their places
 * @param path of the entries, below the condition's key
 */
export function compileEntries(kind, entries, context, path = []) {
    const own = [];
    const lists = [];
    for (const [index, entry] of entries.entries()) {
        if (entry === undefined)
            continue;
        const at = [...path, index];
        if (isReference(entry))
            lists.push(context.list(kind, entry.name, at));
        else
            own.push({ value: entry, place: context.place(at) });
    }
    return joinSets(own.length === 0 ? lists : [listKinds[kind].create(own), ...lists]);
}
function isReference(entry) {
    return entry.kind === 'list';
}
//# sourceMappingURL=compile-entries.js.map