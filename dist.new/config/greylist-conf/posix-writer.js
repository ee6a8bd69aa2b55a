import { edgesOfParts, edgesOfRepeated, OUTSIDE } from './posix-edges.js';
import { PosixPatternError } from './posix-source.js';
/**
 * Writes a tree in the syntax of our engine, without regard to letter case.
 *
 * @throws PosixPatternError for what the engine cannot say
 */
export function writePosix(tree, subject) {
    const writer = new PosixWriter(subject);
    const body = writer.write(tree, OUTSIDE);
    return body === '' ? '(?:)' : `${writer.flags}${body}`;
}
/** No character at all. */
const NEVER = '[^\\x00-\\x{10ffff}]';
class PosixWriter {
    #subject;
    /** What is said once for the whole pattern. */
    flags = '';
    constructor(subject) {
        this.#subject = subject;
    }
    write(node, edges) {
        switch (node.kind) {
            case 'character':
                return escapeCharacter(node.character, /^[\\.[\](){}*+?|^$/]$/);
            case 'any':
                return '.';
            case 'set':
                return this.#set(node);
            case 'anchor':
                return this.#anchor(node.at, edges);
            case 'group':
                return `(${this.write(node.body, edges)})`;
            case 'repeat':
                return this.#repeat(node, edges);
            case 'sequence':
                return this.#sequence(node.parts, edges);
            case 'choice':
                return node.branches.map((branch) => this.write(branch, edges)).join('|');
        }
    }
    #sequence(parts, around) {
        const edges = edgesOfParts(parts, around);
        return parts.map((part, index) => this.write(part, edges[index] ?? around)).join('');
    }
    #repeat({ body, min, max }, around) {
        const inner = this.write(body, max === 1 ? around : edgesOfRepeated(body, around));
        // What repeats a repetition would mean something else: `a+?`.
        const one = body.kind === 'repeat' ? `(?:${inner})` : inner;
        if (max === undefined && min < 2)
            return `${one}${min === 0 ? '*' : '+'}`;
        if (min === 0 && max === 1)
            return `${one}?`;
        if (max === undefined)
            return `${one}{${min},}`;
        return min === max ? `${one}{${min}}` : `${one}{${min},${max}}`;
    }
    #set({ isNegated, items, mayBeNewline }) {
        const written = items.map(writeItem).join('');
        if (items.length === 0)
            return NEVER;
        if (!isNegated)
            return `[${written}]`;
        return this.#subject === 'lines' && !mayBeNewline ? `[^${written}\\n]` : `[^${written}]`;
    }
    #anchor(at, edges) {
        switch (at) {
            case 'line-start':
            case 'line-end':
                if (this.#subject === 'lines')
                    this.flags = '(?m)';
                return at === 'line-start' ? '^' : '$';
            case 'text-start':
                return '\\A';
            case 'text-end':
                return '\\z';
            case 'word-edge':
                return '\\b';
            case 'no-word-edge':
                return '\\B';
            case 'word-start':
                return wordStart(edges);
            case 'word-end':
                return wordEnd(edges);
        }
    }
}
/** The engine cannot look ahead: where one side is certain, the other one follows from `\b`. */
function wordStart({ before, after }) {
    if (!after.mayBeOther || !before.mayBeWord)
        return '\\b';
    if (before.isOutside)
        return '(?:\\A|\\W)\\b';
    return refuseWordAnchor('\\<', 'before');
}
function wordEnd({ before, after }) {
    if (!before.mayBeOther || !after.mayBeWord)
        return '\\b';
    if (after.isOutside)
        return '\\b(?:\\W|\\z)';
    return refuseWordAnchor('\\>', 'behind');
}
function refuseWordAnchor(written, where) {
    throw new PosixPatternError('UNSUPPORTED', `has ${written} where it may mean two things`, {
        offset: 0,
        hint: `write \\b, or what stands ${where} it`,
    });
}
function writeItem(item) {
    if (item.kind === 'class') {
        // Letter case does not matter.
        const isCase = item.name === 'upper' || item.name === 'lower';
        return `[:${isCase ? 'alpha' : item.name}:]`;
    }
    const { first, last } = item;
    if (first === last)
        return member(first);
    // Where letter case does not matter, lower case reads better.
    if (first >= 0x41 && last <= 0x5a)
        return range(first + 0x20, last + 0x20);
    // What is compared is in upper case: `[_-~]` has no letters in it.
    const below = first < 0x61 ? range(first, Math.min(last, 0x60)) : '';
    return below + (last > 0x7a ? range(Math.max(first, 0x7b), last) : '');
}
function range(first, last) {
    return first === last ? member(first) : `${member(first)}-${member(last)}`;
}
function member(code) {
    return escapeCharacter(String.fromCodePoint(code), /^[\\[\]^-]$/);
}
function escapeCharacter(character, special) {
    if (special.test(character))
        return `\\${character}`;
    if (character === '\t')
        return '\\t';
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || code === 0x7f ? `\\x{${code.toString(16)}}` : character;
}
//# sourceMappingURL=posix-writer.js.map