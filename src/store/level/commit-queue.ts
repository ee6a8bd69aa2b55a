import { Commit } from './commit.js';
import type { Slot } from './slot.js';

/**
 * How many turns of the event loop a commit waits for company if the one before it had some. With
 * 16 sessions at a time six turns halve the commits, and take some microseconds each. To write to a journal costs
 * less than to wake a thread: three turns are best there, by CPU time and by sessions a second.
 */
const GATHERING_TURNS = { database: 6, journal: 3 };

/**
 * How long the database is not troubled with what stands in the memory journal. Sixteen sessions share a
 * commit then where three did, and whoever looks at the database meanwhile finds it idle.
 */
const STORE_AFTER_MS = 5;

/** How long until what the database did not take is offered to it again, if nobody writes before. */
const RETRY_MS = 1000;

const NOTHING: ReadonlyMap<number, Slot> = new Map();

/** Where commits outlive the process before the database has them. */
export interface CommitJournal {
  /** Writes it down at once; false if that cannot be done, for want of room for example. */
  append(commit: Commit): boolean;
  /** The database is about to be given all that has been appended so far. */
  turn(): void;
  /** The database has everything up to this entry. */
  release(upTo: number): void;
}

/** What the queue needs of its owner. */
export interface CommitHooks {
  /** Writes all of a commit or nothing of it. Must not throw before it returns its promise. */
  readonly write: (commit: Commit) => Promise<void>;
  /** Called for each commit that fails; `failedInARow` counts it. */
  readonly onFailed: (error: unknown, failedInARow: number) => void;
  /** Called when a commit succeeds after some in a row that did not. */
  readonly onRecovered: (failedInARow: number) => void;
  /** Without it a commit is done when the database has it. */
  readonly journal?: CommitJournal | undefined;
}

/**
 * Group commit: one commit is in flight at a time, and everything accepted meanwhile goes together
 * into the next. With none in flight a commit starts at the end of the turn of the event loop, or,
 * while several ask at a time, a few turns later: handing a commit to its thread, and waking those
 * who wait for it, costs more than all else about it, and a turn of the loop costs next to nothing.
 *
 * With a journal what a turn has accepted is done at its end: it is kept, there and here, until the
 * database has been given it some milliseconds later. What is kept is never given up. While the
 * database takes nothing the journal takes nothing new either: who comes then waits for the database.
 *
 * Until its commit has ended a write is found here, the gathering commit before what is kept, and that
 * before the one in flight. When a commit fails that is not kept its writes are no longer found, and
 * what was committed before shows again; but a later write of the same slot stays: it holds the
 * whole slot and stands by itself.
 */
export class CommitQueue {
  readonly #hooks: CommitHooks;
  #gathering: Commit | undefined;
  /** Stands in the journal, and is not yet under way to the database. */
  #kept: Commit | undefined;
  #inFlight: Commit | undefined;
  /** Ends with the commit in flight; never rejects. */
  #attempt: Promise<void> | undefined;
  /** Found no room in the journal, and waits for the database to take what stands there. */
  #waiting: Commit | undefined;
  #retry: NodeJS.Timeout | undefined;
  #hasEnded = false;
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

  /** Slots that the database does not have yet. */
  get pending(): number {
    return this.#underWay().reduce((sum, commit) => sum + commit.slots.size, 0);
  }

  /** The same, by their numbers. */
  *slots(): Generator<number, void, undefined> {
    for (const commit of this.#underWay()) yield* commit.slots.keys();
  }

  /** What stands in the journal because the database did not take it. */
  get unstored(): ReadonlyMap<number, Slot> {
    return (this.hasFailedToStore ? this.#kept?.slots : undefined) ?? NOTHING;
  }

  /** Whether the journal has what the database did not take. */
  get hasFailedToStore(): boolean {
    return this.#failedInARow > 0 && this.#kept !== undefined;
  }

  /** The commit that takes what is accepted now; it will be written. */
  gather(): Commit {
    if (this.#gathering === undefined) {
      this.#gathering = new Commit();
      if (this.#inFlight === undefined || this.#hooks.journal !== undefined) this.#schedule();
    }
    return this.#gathering;
  }

  /** What has been accepted for a slot and the database does not have yet. */
  find(slot: number): Slot | undefined {
    return (
      this.#gathering?.slots.get(slot) ??
      this.#kept?.slots.get(slot) ??
      this.#inFlight?.slots.get(slot)
    );
  }

  /** Settles once what has been accepted for a slot cannot be lost any more. */
  async committed(slot: number): Promise<void> {
    await this.#underWay().find((commit) => commit.slots.has(slot))?.done;
  }

  /** The commits that the database does not have yet, the newest first. */
  #underWay(): readonly Commit[] {
    return [this.#gathering, this.#kept, this.#inFlight].filter((commit) => commit !== undefined);
  }

  /** The last commit that has been accepted, and can still be lost. */
  latest(): Commit | undefined {
    if (this.#gathering !== undefined) return this.#gathering;
    return this.#inFlight?.journaledUpTo === undefined ? this.#inFlight : undefined;
  }

  /** Resolves, also after a failure, once the database has been offered all that was accepted so far. */
  async settled(): Promise<void> {
    await this.latest()?.done.catch(ignore);
    await this.#attempt;
    // Somebody else who waits may have had it offered just before.
    this.#storeKept();
    await this.#attempt;
  }

  /** Resolves when nothing is left, or nothing but what the database does not take; that is not offered again. */
  async end(): Promise<void> {
    while (this.latest() !== undefined) await this.settled();
    await this.settled();
    this.#hasEnded = true;
    clearTimeout(this.#retry);
  }

  #schedule(): void {
    const { database, journal } = GATHERING_TURNS;
    const turns = this.#hooks.journal === undefined ? database : journal;
    setImmediate(this.#look, this.#isShared ? turns : 0);
  }

  readonly #look = (turnsLeft: number): void => {
    const commit = this.#gathering;
    if (commit === undefined) return;
    if (turnsLeft > 0) setImmediate(this.#look, turnsLeft - 1);
    else this.#proceed(commit);
  };

  #proceed(commit: Commit): void {
    this.#isShared = commit.slots.size > 1;
    if (this.#keep(commit)) return;
    if (this.#inFlight === undefined && this.#kept === undefined) this.#start(commit);
    else this.#makeRoom(commit);
  }

  /** What stands in the journal goes first; its end is also that of who finds no room even then. */
  #makeRoom(commit: Commit): void {
    this.#storeKept();
    if (this.#keep(commit)) return;
    if (this.#inFlight?.journaledUpTo !== undefined) this.#waiting = commit;
  }

  #keep(commit: Commit): boolean {
    if (this.#failedInARow > 0 || this.#hooks.journal?.append(commit) !== true) return false;
    this.#gathering = undefined;
    commit.accept();
    if (this.#kept === undefined) this.#kept = commit;
    else this.#kept.absorb(commit);
    if (this.#inFlight === undefined) this.#storeSoon(this.#kept === commit);
    return true;
  }

  /** @param isFirst nothing was kept before, so that nobody has seen to it yet */
  #storeSoon(isFirst: boolean): void {
    if (this.#kept?.isUrgent === true) setImmediate(this.#storeKept);
    else if (isFirst) setTimeout(this.#storeKept, STORE_AFTER_MS);
  }

  readonly #storeKept = (): void => {
    const commit = this.#kept;
    if (commit === undefined || this.#inFlight !== undefined || this.#hasEnded) return;
    this.#hooks.journal?.turn();
    this.#kept = undefined;
    this.#write(commit);
  };

  #start(commit: Commit): void {
    this.#gathering = undefined;
    this.#write(commit);
  }

  #write(commit: Commit): void {
    this.#inFlight = commit;
    this.#attempt = this.#hooks.write(commit).then(
      () => this.#succeed(commit),
      (error: unknown) => this.#fail(commit, error),
    );
  }

  /** Nothing is in flight any more; what has gathered meanwhile goes next. */
  #end(): void {
    this.#inFlight = undefined;
    this.#attempt = undefined;
    if (this.#gathering !== undefined) this.#schedule();
  }

  #succeed(commit: Commit): void {
    const failedBefore = this.#failedInARow;
    this.#end();
    this.#commits++;
    this.#failedInARow = 0;
    this.#waiting = undefined;
    if (commit.journaledUpTo !== undefined) this.#hooks.journal?.release(commit.journaledUpTo);
    commit.store();
    if (this.#kept !== undefined) this.#storeSoon(true);
    if (failedBefore > 0) this.#hooks.onRecovered(failedBefore);
  }

  #fail(commit: Commit, error: unknown): void {
    this.#end();
    this.#failed++;
    this.#failedInARow++;
    this.#hooks.onFailed(error, this.#failedInARow);
    commit.reject(error);
    if (commit.journaledUpTo !== undefined) this.#keepOn(commit);
    if (this.#waiting !== undefined && this.#waiting === this.#gathering) {
      this.#gathering = undefined;
      this.#waiting.reject(error);
    }
    this.#waiting = undefined;
    if (this.#kept !== undefined) this.#retry ??= setTimeout(this.#storeAgain, RETRY_MS).unref();
  }

  /** What stands in the journal is offered again, together with what came after it. */
  #keepOn(commit: Commit): void {
    if (this.#kept !== undefined) commit.absorb(this.#kept);
    this.#kept = commit;
  }

  readonly #storeAgain = (): void => {
    this.#retry = undefined;
    this.#storeKept();
  };
}

function ignore(): void {
  // Deliberately empty: who waits for a commit hears of its failure.
}
