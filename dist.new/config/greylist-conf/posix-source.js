/** What is wrong with a regular expression; caught where it is read. */
export class PosixPatternError extends Error {
    code;
    /** In characters from its beginning. */
    offset;
    hint;
    constructor(code, problem, { offset, hint }) {
        super(problem);
        this.name = 'PosixPatternError';
        this.code = code;
        this.offset = offset;
        this.hint = hint;
    }
}
/** The characters of a regular expression, one after the other; whole ones, never half a pair. */
export class PosixSource {
    #at = 0;
    #characters;
    constructor(text) {
        this.#characters = Array.from(text);
    }
    get offset() {
        return this.#at;
    }
    get isAtEnd() {
        return this.#at >= this.#characters.length;
    }
    /** The character here or some further on; empty behind the end. */
    peek(ahead = 0) {
        return this.#characters[this.#at + ahead] ?? '';
    }
    next() {
        const character = this.peek();
        this.#at += 1;
        return character;
    }
    startsWith(text) {
        return Array.from(text).every((character, index) => this.peek(index) === character);
    }
    /** Goes behind the text if it stands here. */
    take(text) {
        if (!this.startsWith(text))
            return false;
        this.#at += text.length;
        return true;
    }
    fail(problem, hint, offset = this.#at) {
        throw new PosixPatternError('WRONG', problem, { offset, hint });
    }
}
//# sourceMappingURL=posix-source.js.map