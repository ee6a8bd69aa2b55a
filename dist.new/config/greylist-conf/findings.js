/** Keeps what is found. */
export class Findings {
    #all = [];
    get all() {
        return this.#all;
    }
    note(place, subject, problem, hint) {
        this.#all.push({ kind: 'note', place, subject, problem, hint });
    }
    unsupported(place, subject, problem, hint) {
        this.#all.push({ kind: 'unsupported', place, subject, problem, hint });
    }
    wrong(place, subject, problem, hint) {
        this.#all.push({ kind: 'wrong', place, subject, problem, hint });
    }
}
//# sourceMappingURL=findings.js.map