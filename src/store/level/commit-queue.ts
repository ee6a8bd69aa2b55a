import type { Slot } from './slot.js';

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
  /** Settles with the commit. */
  readonly done: Promise<void>;
  /** The same as an answer, shared by all whose write was accepted. */
  readonly accepted: Promise<true>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;

  constructor() {
    let resolve: () => void = ignore;
    let reject: (error: unknown) => void = ignore;
    this.done = new Promise((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    this.#resolve = resolve;
    this.#reject = reject;
    this.accepted = this.done.then(() => true as const);
    // Nobody need be waiting for either; the queue itself reports a failure.
    this.done.catch(ignore);
    this.accepted.catch(ignore);
  }

  /** Lists a slot under the bucket in which it is to be looked at. */
  listExpiry(bucket: number, slot: number): void {
    const listed = this.expiries.get(bucket);
    if (listed === undefined) this.expiries.set(bucket, [slot]);
    else listed.push(slot);
  }

  resolve(): void {
    this.#resolve();
  }

  reject(error: unknown): void {
    this.#reject(error);
  }
}

function ignore(): void {
  // Deliberately empty: see the constructor of Commit.
}

/**
 * How many turns of the event loop a commit waits for company if the one before it had some. With
 * 16 sessions at a time six turns halve the commits, and take some microseconds each.
 */
const GATHERING_TURNS = 6;

/** What the queue needs of its owner. */
export interface CommitHooks {
  /** Writes all of a commit or nothing of it. Must not throw before it returns its promise. */
  readonly write: (commit: Commit) => Promise<void>;
  /** Called for each commit that fails; `failedInARow` counts it. */
  readonly onFailed: (error: unknown, failedInARow: number) => void;
  /** Called when a commit succeeds after some in a row that did not. */
  readonly onRecovered: (failedInARow: number) => void;
}

/**
 * Group commit: one commit is in flight at a time, and everything accepted meanwhile goes together
 * into the next. With none in flight a commit starts at the end of the turn of the event loop, or,
 * while several ask at a time, a few turns later: handing a commit to its thread, and waking those
 * who wait for it, costs more than all else about it, and a turn of the loop costs next to nothing.
 *
 * Until its commit has ended a write is found here, the gathering commit before the one in flight.
 * When a commit fails its writes are no longer found, and what was committed before shows again;
 * but a later write of the same slot stays: it holds the whole slot and stands by itself.
 */
export class CommitQueue {
  readonly #hooks: CommitHooks;
  #gathering: Commit | undefined;
  #inFlight: Commit | undefined;
  #commits = 0;
  #failed = 0;
  #failedInARow = 0;
  /** The last commit held the writes of more than one. */
  #isShared = false;

  constructor(hooks: CommitHooks) {
    this.#hooks = hooks;
  }

  get commits(): number {
    return this.#commits;
  }

  get failedCommits(): number {
    return this.#failed;
  }

  /** Commits that have failed since the last one that did not. */
  get failedInARow(): number {
    return this.#failedInARow;
  }

  /** Slots that wait for their commit. */
  get pending(): number {
    return (this.#gathering?.slots.size ?? 0) + (this.#inFlight?.slots.size ?? 0);
  }

  /** The commit that takes what is accepted now; it will be written. */
  gather(): Commit {
    if (this.#gathering === undefined) {
      this.#gathering = new Commit();
      if (this.#inFlight === undefined) this.#schedule();
    }
    return this.#gathering;
  }

  /** What has been accepted for a slot and is not yet committed. */
  find(slot: number): Slot | undefined {
    return this.#gathering?.slots.get(slot) ?? this.#inFlight?.slots.get(slot);
  }

  /** The last commit that has been accepted and has not ended. */
  latest(): Commit | undefined {
    return this.#gathering ?? this.#inFlight;
  }

  /** Resolves, also after a failure, once all that has been accepted so far has been tried. */
  async settled(): Promise<void> {
    await this.latest()?.done.catch(ignore);
  }

  #schedule(): void {
    setImmediate(this.#look, this.#isShared ? GATHERING_TURNS : 0);
  }

  readonly #look = (turnsLeft: number): void => {
    const commit = this.#gathering;
    if (commit === undefined) return;
    if (turnsLeft > 0) setImmediate(this.#look, turnsLeft - 1);
    else this.#start(commit);
  };

  #start(commit: Commit): void {
    this.#isShared = commit.slots.size > 1;
    this.#gathering = undefined;
    this.#inFlight = commit;
    this.#hooks.write(commit).then(
      () => this.#succeed(commit),
      (error: unknown) => this.#fail(commit, error),
    );
  }

  /** Nothing is in flight any more; what has gathered meanwhile goes next. */
  #end(): void {
    this.#inFlight = undefined;
    if (this.#gathering !== undefined) this.#schedule();
  }

  #succeed(commit: Commit): void {
    const failedBefore = this.#failedInARow;
    this.#end();
    this.#commits++;
    this.#failedInARow = 0;
    commit.resolve();
    if (failedBefore > 0) this.#hooks.onRecovered(failedBefore);
  }

  #fail(commit: Commit, error: unknown): void {
    this.#end();
    this.#failed++;
    this.#failedInARow++;
    this.#hooks.onFailed(error, this.#failedInARow);
    commit.reject(error);
  }
}
