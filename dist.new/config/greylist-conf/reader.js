import { nearest } from '../nearest.js';
import { Lexer } from './lexer.js';
import { COLON_WORDS } from './words.js';
const WORD = /[A-Za-z0-9_][A-Za-z0-9_.-]*/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
/** Ends in a backslash: `"C:\"`. */
const PLAIN_STRING = /"[^"\n]*"/y;
const MAX_STRING = 4096;
/** A file being read, with what its statements have said so far. */
export class Reader {
    lexer;
    notes = [];
    problems = [];
    /** Of the patterns from here on. */
    dialect = 'basic';
    lists = new Map();
    #defined = new Map();
    constructor(text) {
        this.lexer = new Lexer(text);
    }
    /** Tells what milter-greylist takes otherwise, or not at all. */
    note(problem, hint, offset = this.lexer.offset) {
        this.notes.push({ place: this.lexer.place(offset), problem, hint });
    }
    define(kind, name, offset) {
        const names = this.#defined.get(kind) ?? new Set();
        if (names.has(name)) {
            this.note(`defines "${name}" once more`, 'the last one counts here: remove the others', offset);
        }
        this.#defined.set(kind, names.add(name));
    }
    /** The name of something that is defined above. */
    definedName(kind) {
        const { lexer } = this;
        const start = lexer.offset;
        const name = this.string('the name');
        const names = this.#defined.get(kind) ?? new Set();
        if (names.has(name))
            return name;
        const similar = nearest(name, names);
        const hint = similar === undefined
            ? `write ${kind} "${name}" … above, as a statement of its own`
            : `write "${similar}"`;
        return lexer.fail(`names the ${kind} "${name}", which is not defined above`, hint, start);
    }
    /** A word in lower case, without a colon behind it if one may stand there; undefined for a sign. */
    keyword() {
        const word = this.lexer.take(WORD)?.toLowerCase();
        if (word !== undefined && COLON_WORDS.has(word))
            this.lexer.takeGlued(':');
        return word;
    }
    /** Takes a certain word, if it comes next. */
    takeWord(wanted) {
        const start = this.lexer.offset;
        if (this.keyword() === wanted)
            return true;
        this.lexer.rewind(start);
        return false;
    }
    /** One of several words. */
    oneOf(words, what) {
        const start = this.lexer.offset;
        const shown = this.lexer.shown();
        const written = this.keyword();
        const found = words.find((word) => word === written);
        if (found !== undefined)
            return found;
        const similar = nearest(written ?? '', words);
        const hint = similar === undefined ? `write ${words.join(', ')}` : `write ${similar}`;
        return this.lexer.fail(`has ${shown} for ${what}`, hint, start);
    }
    /** What stands between quotes; backslashes stay. */
    string(what) {
        const { lexer } = this;
        const start = lexer.offset;
        const written = lexer.take(STRING) ?? lexer.take(PLAIN_STRING);
        if (written === undefined)
            return this.#failWithoutQuotes(what);
        if (Buffer.byteLength(written) - 2 > MAX_STRING) {
            const problem = `has ${what} of more than ${MAX_STRING} bytes`;
            this.note(problem, 'milter-greylist cuts it off there; it is whole here', start);
        }
        return written.slice(1, -1);
    }
    #failWithoutQuotes(what) {
        const { lexer } = this;
        if (lexer.sees(/"/y)) {
            return lexer.fail(`has no quote at the end of ${what}`, 'strings end on their line');
        }
        const shown = lexer.shown();
        const hint = lexer.isAtLineEnd ? 'write "…"' : `write it in quotes: ${shown}`;
        return lexer.fail(`has ${shown} for ${what}`, hint);
    }
}
//# sourceMappingURL=reader.js.map