const EITHER = { mayBeWord: true, mayBeOther: true, isOutside: false };
const WORD = { mayBeWord: true, mayBeOther: false, isOutside: false };
const NOTHING = { mayBeWord: false, mayBeOther: false, isOutside: false };
const OTHER = { mayBeWord: false, mayBeOther: true, isOutside: false };
export const OUTSIDE = {
    before: { ...EITHER, isOutside: true },
    after: { ...EITHER, isOutside: true },
};
/**
 * What may stand at a side of a place where a node begins or ends.
 *
 * @param beyond what may stand there if the node is empty
 */
export function edgeOf(node, side, beyond) {
    switch (node.kind) {
        case 'character':
            return isWord(node.character.codePointAt(0) ?? 0) ? WORD : OTHER;
        case 'any':
            return EITHER;
        case 'set':
            return edgeOfSet(node);
        case 'anchor':
            return edgeOfAnchor(node.at, side, beyond);
        case 'group':
            return edgeOf(node.body, side, beyond);
        case 'repeat': {
            const inner = edgeOf(node.body, side, beyond);
            return node.min > 0 ? inner : union(inner, beyond);
        }
        case 'choice':
            return node.branches.map((branch) => edgeOf(branch, side, beyond)).reduce(union);
        case 'sequence': {
            const towards = side === 'after' ? [...node.parts].reverse() : node.parts;
            return towards.reduce((edge, part) => edgeOf(part, side, edge), beyond);
        }
    }
}
/** Both sides of each part of a sequence. */
export function edgesOfParts(parts, around) {
    const before = [around.before];
    for (const part of parts)
        before.push(edgeOf(part, 'before', before.at(-1) ?? around.before));
    const after = [around.after];
    for (const part of [...parts].reverse()) {
        after.push(edgeOf(part, 'after', after.at(-1) ?? around.after));
    }
    return parts.map((_, index) => ({
        before: before[index] ?? around.before,
        after: after[parts.length - 1 - index] ?? around.after,
    }));
}
/** Both sides of what is repeated: another of it may stand there as well. */
export function edgesOfRepeated(body, around) {
    return {
        before: union(edgeOf(body, 'before', around.before), around.before),
        after: union(edgeOf(body, 'after', around.after), around.after),
    };
}
function union(a, b) {
    return {
        mayBeWord: a.mayBeWord || b.mayBeWord,
        mayBeOther: a.mayBeOther || b.mayBeOther,
        isOutside: a.isOutside && b.isOutside,
    };
}
function edgeOfAnchor(at, side, beyond) {
    switch (at) {
        case 'line-start':
        case 'text-start':
            return side === 'before' ? OTHER : { ...beyond, isOutside: false };
        case 'line-end':
        case 'text-end':
            return side === 'after' ? OTHER : { ...beyond, isOutside: false };
        // These follow from what is beside them, and must not follow from each other.
        case 'word-start':
        case 'word-end':
        case 'word-edge':
        case 'no-word-edge':
            return { ...beyond, isOutside: false };
    }
}
function isWord(code) {
    return /^\w$/.test(String.fromCodePoint(code));
}
const WORD_CLASSES = new Set([
    ...['alpha', 'digit', 'alnum', 'upper', 'lower', 'xdigit'],
]);
const OTHER_CLASSES = new Set(['space', 'blank', 'cntrl']);
function edgeOfSet({ items, isNegated }) {
    const edges = items.map(edgeOfItem);
    if (!isNegated)
        return edges.reduce(union, NOTHING);
    // What is left out says little, but that `\W` has no letters is worth knowing.
    return isWholeWord(items) ? OTHER : EITHER;
}
function edgeOfItem(item) {
    if (item.kind === 'range')
        return edgeOfRange(item.first, item.last);
    if (WORD_CLASSES.has(item.name))
        return WORD;
    return OTHER_CLASSES.has(item.name) ? OTHER : EITHER;
}
function edgeOfRange(first, last) {
    if (last - first > 128)
        return EITHER;
    let edge = isWord(first) ? WORD : OTHER;
    for (let code = first + 1; code <= last; code++)
        edge = union(edge, isWord(code) ? WORD : OTHER);
    return edge;
}
function isWholeWord(items) {
    const hasAlnum = items.some((item) => item.kind === 'class' && item.name === 'alnum');
    return hasAlnum && items.some((item) => item.kind === 'range' && item.first === 0x5f);
}
//# sourceMappingURL=posix-edges.js.map