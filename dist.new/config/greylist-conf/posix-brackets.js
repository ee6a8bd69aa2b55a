import { collatingCharacter } from './collating-symbols.js';
import { CLASS_NAMES } from './posix-tree.js';
const HYPHEN_HINT = 'write a - first or last in the brackets if it stands for itself';
/**
 * Reads a bracket expression from behind its `[`. As glibc does when letter case does not matter, the
 * ends of a range are taken in upper case: `[A-z]` is `[A-Z]`, and `[Z-a]` is none.
 */
export function readBrackets(source) {
    const start = source.offset - 1;
    const isNegated = source.take('^');
    const items = [];
    let isFirst = true;
    while (isFirst || source.peek() !== ']') {
        if (source.isAtEnd)
            source.fail('has a [ without its ]', 'write \\[ for the character', start);
        items.push(readItem(source, isFirst));
        isFirst = false;
    }
    source.next();
    return { kind: 'set', isNegated, items, mayBeNewline: false };
}
function readItem(source, isFirst) {
    const start = source.offset;
    if (source.startsWith('[:'))
        return { kind: 'class', name: readClassName(source) };
    // An equivalence class is no end of a range.
    const isEquivalence = source.startsWith('[=');
    const isHyphen = source.peek() === '-';
    if (isHyphen && !isFirst && source.peek(1) !== ']') {
        source.fail('has a - in brackets that is no range', HYPHEN_HINT);
    }
    const first = readElement(source);
    const isRange = source.peek() === '-' && source.peek(1) !== ']' && source.peek(1) !== '';
    if (!isRange)
        return { kind: 'range', first, last: first };
    source.next();
    if (isEquivalence || source.startsWith('[:') || source.startsWith('[=')) {
        source.fail('has a range whose end is a class', HYPHEN_HINT, start);
    }
    return rangeOf(source, start, { first, last: readElement(source) });
}
function rangeOf(source, start, written) {
    const first = upperCase(written.first);
    const last = upperCase(written.last);
    if (first <= last)
        return { kind: 'range', first, last };
    const hint = written.first <= written.last
        ? 'letter case does not matter, and both ends count in upper case: list the characters'
        : 'write the smaller end first';
    return source.fail('has a range that ends before it begins', hint, start);
}
function upperCase(code) {
    return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
}
/** A character, which may be written by its name. */
function readElement(source) {
    const start = source.offset;
    if (!source.startsWith('[.') && !source.startsWith('[=')) {
        return source.next().codePointAt(0) ?? 0;
    }
    const name = readNamed(source);
    return (collatingCharacter(name) ??
        source.fail(`has "${name}" for a character's name`, 'write the character itself', start));
}
/** What stands between `[.` and `.]`, `[=` and `=]`, `[:` and `:]`: at least one character. */
function readNamed(source) {
    const start = source.offset;
    source.next();
    const mark = source.next();
    let name = source.next();
    while (!source.startsWith(`${mark}]`)) {
        if (source.isAtEnd)
            source.fail(`has a [${mark} without its ${mark}]`, 'write it', start);
        name += source.next();
    }
    source.take(`${mark}]`);
    return name;
}
function readClassName(source) {
    const start = source.offset;
    const written = readNamed(source);
    const name = CLASS_NAMES.find((known) => known === written);
    if (name !== undefined)
        return name;
    const hint = `write one of ${CLASS_NAMES.join(', ')}`;
    return source.fail(`has "${written}" for a class of characters`, hint, start);
}
//# sourceMappingURL=posix-brackets.js.map