/** Adds up the weights of those who say yes, and knows when the others cannot change the outcome. */
export class ScoreTally {
    #threshold;
    #score = 0;
    /** By how much those who have not answered may still raise and lower the score. */
    #rise = 0;
    #fall = 0;
    constructor(voters, threshold) {
        this.#threshold = threshold;
        for (const { weight } of voters)
            this.#expect(weight, 1);
    }
    /** Counts an answer; the outcome as soon as it is certain. One that is not known stays open. */
    count(weight, ballot) {
        if (ballot !== 'unknown')
            this.#expect(weight, -1);
        if (ballot === 'yes')
            this.#score += weight;
        if (this.#score + this.#fall >= this.#threshold)
            return 'yes';
        return this.#score + this.#rise < this.#threshold ? 'no' : undefined;
    }
    /** The outcome when nobody else will answer. */
    conclude() {
        if (this.#score + this.#fall >= this.#threshold)
            return 'yes';
        return this.#score + this.#rise < this.#threshold ? 'no' : 'unknown';
    }
    #expect(weight, sign) {
        if (weight > 0)
            this.#rise += sign * weight;
        else
            this.#fall += sign * weight;
    }
}
//# sourceMappingURL=score-tally.js.map