import { readBrackets } from './posix-brackets.js';
import { PosixPatternError, PosixSource } from './posix-source.js';
import { readInterval } from './posix-interval.js';
/** What GNU's C library adds behind a backslash, in both dialects. */
const GNU_ANCHORS = new Map([
    ['<', 'word-start'],
    ['>', 'word-end'],
    ['b', 'word-edge'],
    ['B', 'no-word-edge'],
    ['`', 'text-start'],
    ["'", 'text-end'],
]);
const SPACE = [{ kind: 'class', name: 'space' }];
const WORD = [
    { kind: 'class', name: 'alnum' },
    { kind: 'range', first: 0x5f, last: 0x5f },
];
const GNU_SETS = new Map([
    ['w', setOf(WORD, false)],
    ['W', setOf(WORD, true)],
    ['s', setOf(SPACE, false)],
    ['S', setOf(SPACE, true)],
]);
function setOf(items, isNegated) {
    return { kind: 'set', isNegated, items, mayBeNewline: true };
}
/**
 * Reads a regular expression as regcomp of GNU's C library does. In one pass, each character once.
 *
 * @throws PosixPatternError
 */
export function parsePosix(text, dialect) {
    const parser = new PosixParser(new PosixSource(text), dialect === 'extended');
    return { tree: parser.read(), doubts: parser.doubts };
}
/** What is meant by letters behind a backslash elsewhere. */
const MEANT = new Map([
    ['d', '[0-9]'],
    ['t', '[[:blank:]]'],
    ['n', '[[:space:]]'],
    ['r', '[[:space:]]'],
    ['h', '[[:blank:]]'],
]);
class PosixParser {
    doubts = [];
    #source;
    #isExtended;
    /** What the operators are written with: nothing in the extended dialect. */
    #mark;
    #openGroups = 0;
    #groups = 0;
    constructor(source, isExtended) {
        this.#source = source;
        this.#isExtended = isExtended;
        this.#mark = isExtended ? '' : '\\';
    }
    read() {
        const tree = this.#choice();
        if (!this.#source.isAtEnd) {
            this.#source.fail('has a \\) without its \\(', 'write ) for the character');
        }
        return tree;
    }
    #choice() {
        const branches = [this.#sequence()];
        while (this.#source.take(`${this.#mark}|`))
            branches.push(this.#sequence());
        const [only] = branches;
        return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches };
    }
    /** Up to a `|`, to the `)` of the group this is in, or to the end. */
    #sequence() {
        const parts = [];
        let isBegin = true;
        while (!this.#isEndOfSequence()) {
            const part = this.#part(isBegin);
            // Behind an anchor a `*` stands for itself, or for nothing, as at the beginning.
            parts.push(part.kind === 'anchor' ? part : this.#repeated(part));
            isBegin = false;
        }
        const [only] = parts;
        return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts };
    }
    #isEndOfSequence() {
        const source = this.#source;
        if (source.isAtEnd || source.startsWith(`${this.#mark}|`))
            return true;
        if (!source.startsWith(`${this.#mark})`))
            return false;
        // In the extended dialect it is a character where no group is open.
        return !this.#isExtended || this.#openGroups > 0;
    }
    #part(isBegin) {
        const source = this.#source;
        if (source.take(`${this.#mark}(`))
            return this.#group();
        this.#refuseOperator();
        switch (source.peek()) {
            case '[':
                source.next();
                return readBrackets(source);
            case '.':
                source.next();
                return { kind: 'any' };
            case '\\':
                return this.#escaped();
            case '^':
                return this.#anchorOr('line-start', this.#isExtended || isBegin);
            case '$':
                return this.#anchorOr('line-end', this.#isExtended || this.#isDollarAtEnd());
            default:
                return { kind: 'character', character: source.next() };
        }
    }
    #group() {
        const open = `${this.#mark}(`;
        const start = this.#source.offset - open.length;
        this.#openGroups += 1;
        const body = this.#choice();
        if (!this.#source.take(`${this.#mark})`)) {
            const hint = `write ${this.#isExtended ? '\\(' : '('} for the character`;
            this.#source.fail(`has a ${open} without its ${this.#mark})`, hint, start);
        }
        this.#openGroups -= 1;
        this.#groups += 1;
        return { kind: 'group', body };
    }
    /** An operator that repeats what is not there; in the basic dialect only `\{` is one then. */
    #refuseOperator() {
        const source = this.#source;
        const isOperator = this.#isExtended ? /^[*+?{]$/.test(source.peek()) : source.startsWith('\\{');
        if (!isOperator)
            return;
        const written = this.#isExtended ? source.peek() : '\\{';
        const hint = `write ${this.#isExtended ? `\\${written}` : '{'} for the character`;
        source.fail(`has a ${written} with nothing before it to repeat`, hint);
    }
    #anchorOr(at, isAnchor) {
        const character = this.#source.next();
        return isAnchor ? { kind: 'anchor', at } : { kind: 'character', character };
    }
    /** In the basic dialect a `$` is an anchor only where something ends. */
    #isDollarAtEnd() {
        const source = this.#source;
        if (source.peek(1) === '')
            return true;
        return source.peek(1) === '\\' && (source.peek(2) === '|' || source.peek(2) === ')');
    }
    #escaped() {
        const source = this.#source;
        const start = source.offset;
        source.next();
        if (source.isAtEnd)
            source.fail('ends in a backslash', 'write \\\\ for the character', start);
        const character = source.next();
        const at = GNU_ANCHORS.get(character);
        if (at !== undefined)
            return { kind: 'anchor', at };
        const set = GNU_SETS.get(character);
        if (set !== undefined)
            return set;
        if (/^[1-9]$/.test(character))
            this.#refuseReference(character, start);
        if (/^[a-z]$/.test(character))
            return this.#impossible(character, start);
        return { kind: 'character', character };
    }
    /** The C library compares upper case with all characters but escaped ones: they never match. */
    #impossible(letter, offset) {
        const hint = `write ${MEANT.get(letter) ?? letter}`;
        this.doubts.push({ problem: `has \\${letter}, which matches nothing`, hint, offset });
        return { kind: 'set', isNegated: false, items: [], mayBeNewline: true };
    }
    #refuseReference(digit, offset) {
        if (Number(digit) > this.#groups) {
            this.#source.fail(`refers to group ${digit}, which is not there`, `write ${digit}`, offset);
        }
        throw new PosixPatternError('UNSUPPORTED', `refers back to group ${digit} with \\${digit}`, {
            offset,
            hint: 'it cannot be matched in linear time: list the texts that are meant',
        });
    }
    /** The part with all the operators behind it. */
    #repeated(part) {
        let node = part;
        for (;;) {
            const offset = this.#source.offset;
            const bounds = this.#operator();
            if (bounds === undefined)
                return node;
            if (!this.#isExtended && node !== part && bounds.isRefusedTwice) {
                const hint = 'write one of the operators alone';
                this.#source.fail('repeats a repetition', hint, offset);
            }
            node = { kind: 'repeat', body: node, min: bounds.min, max: bounds.max };
        }
    }
    #operator() {
        const source = this.#source;
        if (source.take('*'))
            return { min: 0, max: undefined, isRefusedTwice: true };
        if (source.take(`${this.#mark}+`))
            return { min: 1, max: undefined, isRefusedTwice: false };
        if (source.take(`${this.#mark}?`))
            return { min: 0, max: 1, isRefusedTwice: false };
        if (!source.take(`${this.#mark}{`))
            return undefined;
        return { ...readInterval(source, `${this.#mark}}`), isRefusedTwice: true };
    }
}
//# sourceMappingURL=posix-parser.js.map