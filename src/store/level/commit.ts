import { withoutCommit, type Slot } from './slot.js';

/** What is written together, and who waits for it. */
export class Commit {
  /** What each slot holds from now on; a later write of the same slot takes the earlier's place. */
  readonly slots = new Map<number, Slot>();
  /** Slots to be listed on the pages of an expiry bucket. */
  readonly expiries = new Map<number, number[]>();
  /** Keys of pages that the sweeper has done with. */
  readonly sweptPages: Uint8Array[] = [];
  /** A reading of the clock to be remembered, epoch milliseconds. */
  clockNote: number | undefined;
  /** The last entry of the memory journal that is in it; absent if none is. */
  journaledUpTo: number | undefined;
  /** Settles once a killed process cannot lose it any more. */
  readonly done: Promise<void>;
  /** The same as an answer, shared by all whose write was accepted. */
  readonly accepted: Promise<true>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #stored: Settling | undefined;
  #storedOrKept: Promise<void> | undefined;
  #absorbed: Settling[] = [];
  #absorber: Commit | undefined;

  constructor() {
    const settling = new Settling();
    this.done = settling.promise;
    this.#resolve = settling.resolve;
    this.#reject = settling.reject;
    this.accepted = this.done.then(() => true as const);
    // Nobody need be waiting for it; the queue itself reports a failure.
    this.accepted.catch(ignore);
  }

  /**
   * Settles when the database has been given it, or was for the first time in vain: for those who write
   * much, and must not be ahead of the database. To ask for it has it written without delay.
   */
  get stored(): Promise<void> {
    if (this.#absorber !== undefined) return this.#absorber.stored;
    this.#stored ??= new Settling();
    return this.#stored.promise;
  }

  /** As `stored`; but to fail is no failure of what is kept, for that is offered again. */
  get storedOrKept(): Promise<void> {
    if (this.#storedOrKept === undefined) {
      this.#storedOrKept = this.stored.catch(() => this.done);
      this.#storedOrKept.catch(ignore);
    }
    return this.#storedOrKept;
  }

  /** Whether somebody waits for the database. */
  get isUrgent(): boolean {
    return this.#stored !== undefined || this.#absorbed.length > 0;
  }

  /** Lists a slot under the bucket in which it is to be looked at. */
  listExpiry(bucket: number, slot: number): void {
    const listed = this.expiries.get(bucket);
    if (listed === undefined) this.expiries.set(bucket, [slot]);
    else listed.push(slot);
  }

  /** Takes in what was accepted after it; from then on both are one. */
  absorb(later: Commit): void {
    for (const [slot, content] of later.slots) this.slots.set(slot, content);
    for (const [bucket, slots] of later.expiries) {
      for (const slot of slots) this.listExpiry(bucket, slot);
    }
    this.sweptPages.push(...later.sweptPages);
    this.clockNote = later.clockNote ?? this.clockNote;
    this.journaledUpTo = later.journaledUpTo ?? this.journaledUpTo;
    if (later.#stored !== undefined) this.#absorbed.push(later.#stored);
    this.#absorbed.push(...later.#absorbed);
    later.#absorber = this;
  }

  /** It outlives the process: nobody who reads it need wait for it any more. */
  accept(): void {
    for (const [slot, content] of this.slots) this.slots.set(slot, content.map(withoutCommit));
    this.#resolve();
  }

  /** The database has it. */
  store(): void {
    this.#resolve();
    this.#stored ??= new Settling();
    this.#stored.resolve();
    for (const waiting of this.#absorbed) waiting.resolve();
  }

  /** The database does not take it; whoever was told that it is accepted has been told so for good. */
  reject(error: unknown): void {
    this.#reject(error);
    this.#stored?.reject(error);
    for (const waiting of this.#absorbed) waiting.reject(error);
    this.#stored = undefined;
    this.#absorbed = [];
  }
}

/** A promise and what settles it; it is no fault if nobody waits. */
class Settling {
  readonly promise: Promise<void>;
  resolve: () => void = ignore;
  reject: (error: unknown) => void = ignore;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(ignore);
  }
}

function ignore(): void {
  // Deliberately empty: who waits for a promise hears of its failure.
}
