/** A record as a store keeps it, whatever kind it is of. */
export interface StoredRecord {
  readonly key: string;
  readonly value: Uint8Array;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a reader has to say of a line of its input. */
export interface LineNote {
  /** Of which input, where there are several. */
  readonly input?: string;
  /** Counted from 1. */
  readonly line: number;
  /** One of few texts, by which notes are counted. */
  readonly reason: string;
  /** What this line has of its own. */
  readonly detail?: string;
}

/** What was read of a part of some input; readers go through it batch by batch. */
export interface ReadBatch {
  readonly records: readonly StoredRecord[];
  /** Lines that would be forgotten by now. */
  readonly expired: number;
  /** Lines that are not in {@link records}, and why. */
  readonly refused: readonly LineNote[];
  /** Lines that are, and what is to be known of them. */
  readonly noted: readonly LineNote[];
}

/** A batch that is being filled. */
export class BatchBuilder {
  #records: StoredRecord[] = [];
  #expired = 0;
  #refused: LineNote[] = [];
  #noted: LineNote[] = [];

  add(record: StoredRecord): void {
    this.#records.push(record);
  }

  expire(): void {
    this.#expired += 1;
  }

  refuse(note: LineNote): void {
    this.#refused.push(note);
  }

  note(note: LineNote): void {
    this.#noted.push(note);
  }

  /** What has come together since this was asked last. */
  take(): ReadBatch {
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
