/** A batch that is being filled. */
export class BatchBuilder {
    #records = [];
    #expired = 0;
    #refused = [];
    #noted = [];
    add(record) {
        this.#records.push(record);
    }
    expire() {
        this.#expired += 1;
    }
    refuse(note) {
        this.#refused.push(note);
    }
    note(note) {
        this.#noted.push(note);
    }
    /** What has come together since this was asked last. */
    take() {
        const batch = {
            records: this.#records,
            expired: this.#expired,
            refused: this.#refused,
            noted: this.#noted,
        };
        this.#records = [];
        this.#expired = 0;
        this.#refused = [];
        this.#noted = [];
        return batch;
    }
}
//# sourceMappingURL=stored-record.js.map