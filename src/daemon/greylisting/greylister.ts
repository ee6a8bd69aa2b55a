import { correspondenceExpiresAt } from '../../greylist/advance.js';
import type { Advance, AttemptSource, GreylistSettings, Outcome } from '../../greylist/advance.js';
import { isNewerFormat } from '../../greylist/byte-reader.js';
import { decodeCorrespondence, encodeCorrespondence } from '../../greylist/correspondence-codec.js';
import type { Correspondence } from '../../greylist/correspondence.js';
import { NO_PROOF, type Proof } from '../../greylist/identity.js';
import type { Inquiry } from '../../greylist/inquiry.js';
import { greymilterStrategy, type GreylistStrategy } from '../../greylist/strategy.js';
import { readAcross } from '../../greylist/time-gap.js';
import type { GreylistStore, MaybePromise, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { ClientAutowhites, type FoundClient } from './client-autowhites.js';
import type { ClientVisit } from './client-visit.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { verdictOnFailure, type FailureSettings } from '../policy/failure-policy.js';
import { Impairments, type Impairment } from '../process/impairments.js';
import { LazyAutowhites } from './lazy-autowhites.js';
import type { PendingGate } from './pending-gate.js';

/** What greylisting says of one attempt; `undecided` if the store kept us from an answer. */
export type Judgement =
  | Outcome
  /** The client passes without a triplet. */
  | {
      readonly kind: 'exempt';
      readonly reason: 'client-autowhite';
      readonly knownForMs?: number | undefined;
    }
  | {
      readonly kind: 'undecided';
      readonly verdict: 'accept' | 'tempfail';
      /** `overload`: it could have been decided, but too many wait already. */
      readonly reason?: 'store-unavailable' | 'overload';
    };

/** One question to the greylist. */
export interface Question {
  readonly key: string;
  /** Our own without it. */
  readonly strategy?: GreylistStrategy;
  readonly source: AttemptSource;
  readonly settings: GreylistSettings;
  readonly failure: FailureSettings;
  /** Epoch milliseconds. */
  readonly now: number;
  /**
   * Finds out whether a client that is new to the pair is new at all; asked for no pair that is new,
   * and for no source that is listed. Absent where nothing can be found out.
   */
  readonly prove?: ((inquiry: Inquiry) => Promise<Proof>) | undefined;
  /** The client's autowhite; absent where it has none, or has lost it. */
  readonly client?: ClientVisit | undefined;
  /** Whether a first pass counts for it. */
  readonly countsForClient?: boolean;
  /** The key of what is known of the client by any of its triplets; absent where that counts for nothing. */
  readonly lazyKey?: string | undefined;
}

/** What keeps us from judging, and from remembering. */
export interface GreylistGuards {
  /** What the store can keep us from. */
  readonly impairments: Pick<Impairments, 'storeRead' | 'storeWrite'>;
  /** Without it all is remembered. */
  readonly gate?: PendingGate;
}

type Entry = StoreEntry | undefined;

/** More conflicts than this in a row mean that the store is broken, not that it is busy. */
const maxConflicts = 10;

/** What is stored of a pair, and what becomes of it. */
interface Found {
  readonly entry: Entry;
  readonly record: Correspondence | undefined;
  readonly advanced: Advance;
  readonly ahead: ReadAhead | undefined;
}

/** What was read together with the pair, where a store is far away; undefined where nothing was. */
interface ReadAhead {
  readonly client: MaybePromise<FoundClient> | undefined;
  readonly lazy: MaybePromise<Entry> | undefined;
}

const exempt = { kind: 'exempt', reason: 'client-autowhite' } as const;

/**
 * Asks the store, advances the record and stores it. The answer is there at once if nothing has to
 * be stored and all that it is based on is committed; otherwise it waits for that commit.
 */
export class Greylister {
  readonly #store: GreylistStore;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #clients: ClientAutowhites;
  readonly #lazy: LazyAutowhites;
  // An outage concerns every recipient: it is logged now and then, with how many it was.
  readonly #readFailure: Impairment;
  readonly #writeFailure: Impairment;
  readonly #gate: PendingGate | undefined;

  constructor(
    store: GreylistStore,
    logger: Logger,
    clock: Clock,
    { impairments, gate }: GreylistGuards = { impairments: new Impairments(logger, clock) },
  ) {
    this.#store = store;
    this.#logger = logger;
    this.#clock = clock;
    this.#clients = new ClientAutowhites(store, logger);
    this.#lazy = new LazyAutowhites(store, logger);
    this.#readFailure = impairments.storeRead;
    this.#writeFailure = impairments.storeWrite;
    this.#gate = gate;
  }

  /** Never throws or rejects because of the store. */
  judge(question: Question): MaybePromise<Judgement> {
    return this.#judge(question, 0);
  }

  /**
   * The clock that the question's source waits by already, without judging it. Never rejects: what
   * cannot be read has none, and to judge it meets the same error.
   */
  async clockOf(question: Question): Promise<number | undefined> {
    const { key, source, settings, now, strategy = greymilterStrategy } = question;
    try {
      const entry = await this.#store.get(key);
      if (entry === undefined) return undefined;
      return strategy.runningClock(decodeCorrespondence(entry.value), source, settings, now);
    } catch {
      // Whoever judges it next reports it.
      return undefined;
    }
  }

  /** Takes away what a client has earned: it is listed, or refused. */
  forgetClient(client: ClientVisit | undefined): void {
    if (client !== undefined) this.#clients.forget(client);
  }

  #judge(question: Question, conflicts: number): MaybePromise<Judgement> {
    let entry: MaybePromise<Entry>;
    try {
      entry = this.#store.get(question.key);
    } catch (error) {
      return this.#unreadable(question, error);
    }
    if (!(entry instanceof Promise)) return this.#decide(question, entry, conflicts);
    const ahead = this.#readAhead(question);
    return entry.then(
      (found) => this.#decide(question, found, conflicts, ahead),
      (error: unknown) => this.#unreadable(question, error),
    );
  }

  /**
   * Asks for all that may be needed, in the turn in which the pair is asked for: all of it leaves
   * together, and a second journey is spared to each pair that is new.
   */
  #readAhead({ client, lazyKey }: Question): ReadAhead {
    return {
      client:
        client === undefined || lazyKey !== undefined ? undefined : this.#clients.look(client),
      lazy: lazyKey === undefined ? undefined : this.#lazy.look(lazyKey),
    };
  }

  #decide(
    question: Question,
    entry: Entry,
    conflicts: number,
    ahead?: ReadAhead,
  ): MaybePromise<Judgement> {
    this.#readFailure.over();
    let record: Correspondence | undefined;
    try {
      record = entry && this.#decode(question, entry.value);
    } catch (error) {
      return this.#unreadable(question, error);
    }
    const { source, settings, now, strategy = greymilterStrategy } = question;
    const advanced = strategy.advance(record, source, settings, now);
    const found = { entry, record, advanced, ahead };
    const { client, lazyKey } = question;
    if (lazyKey !== undefined) return this.#decideLazily(question, lazyKey, found, conflicts);
    if (client === undefined || advanced.outcome.reason === 'greylist-known') {
      return this.#proceed(question, found, conflicts);
    }
    const isExempt = this.#clients.exempts(client, question.now, ahead?.client);
    if (isExempt instanceof Promise) {
      return isExempt.then((is) => (is ? exempt : this.#proceed(question, found, conflicts)));
    }
    return isExempt ? exempt : this.#proceed(question, found, conflicts);
  }

  /** What is known of the client is asked, and kept, beside what is known of the triplet. */
  #decideLazily(
    question: Question,
    key: string,
    found: Found,
    conflicts: number,
  ): MaybePromise<Judgement> {
    const { now, settings } = question;
    const { knownForMs, waitingSince, knownSince } = lazyView(found.advanced.outcome);
    if (knownForMs !== undefined) {
      this.#lazy.remember(key, { since: knownSince, forMs: knownForMs, now });
      return this.#proceed(question, found, conflicts);
    }
    const forMs = settings.autowhiteMs;
    const asked = { since: waitingSince, forMs, now };
    const answer = (isKnown: boolean): MaybePromise<Judgement> =>
      isKnown ? { ...exempt, knownForMs: forMs } : this.#proceed(question, found, conflicts);
    const isKnown = this.#lazy.knows(key, asked, found.ahead?.lazy);
    return isKnown instanceof Promise ? isKnown.then(answer) : answer(isKnown);
  }

  #proceed(
    question: Question,
    { entry, record, advanced }: Found,
    conflicts: number,
  ): MaybePromise<Judgement> {
    const { source, settings, now, prove, strategy = greymilterStrategy } = question;
    if (record !== undefined && source.proof === undefined && prove !== undefined) {
      const inquiry = strategy.openInquiry(record, advanced.outcome, { settings, now });
      if (inquiry !== undefined) return this.#inquire(question, prove(inquiry), conflicts);
    }
    if (advanced.next !== record) {
      return (
        this.#gate?.judge(question, advanced.outcome) ??
        this.#write(question, entry, advanced, conflicts)
      );
    }
    return entry?.commit === undefined
      ? advanced.outcome
      : this.#afterCommit(question, advanced.outcome, entry.commit);
  }

  // The record may have changed meanwhile, so it is read again: from there to its write is one turn.
  async #inquire(
    question: Question,
    proving: Promise<Proof>,
    conflicts: number,
  ): Promise<Judgement> {
    const proof = await proving.catch((error: unknown) => {
      this.#logger.error('bug: a client could not be told from others', describeError(error));
      return NO_PROOF;
    });
    const source = { ...question.source, proof };
    return await this.#judge({ ...question, source, now: this.#clock.now() }, conflicts);
  }

  async #afterCommit(
    question: Question,
    outcome: Outcome,
    commit: Promise<void>,
  ): Promise<Judgement> {
    try {
      await commit;
      this.#writeFailure.over();
      return outcome;
    } catch (error) {
      return await this.#unwritten(question, outcome, error);
    }
  }

  async #write(
    question: Question,
    entry: Entry,
    { outcome, next }: Advance,
    conflicts: number,
  ): Promise<Judgement> {
    try {
      const storing = this.#store.compareAndSet(question.key, entry, {
        value: encodeCorrespondence(next),
        expiresAt: correspondenceExpiresAt(next),
      });
      this.#countForClient(question, outcome);
      const isStored = await storing;
      this.#writeFailure.over();
      if (isStored) return outcome;
    } catch (error) {
      return await this.#unwritten(question, outcome, error);
    }
    if (conflicts < maxConflicts) return await this.#judge(question, conflicts + 1);
    // So many come for it at once that somebody is always faster: it is remembered that this one waits.
    if (outcome.reason === 'greylist-early') return outcome;
    return await this.#unwritten(question, outcome, new Error(`${conflicts} conflicts in a row`));
  }

  // In the turn of the triplet's own write, so that both are one commit.
  #countForClient({ client, countsForClient, now }: Question, { reason }: Outcome): void {
    const isFirstPass = reason === 'greylist-passed' && countsForClient === true;
    if (client !== undefined && isFirstPass) this.#clients.count(client, now);
  }

  #unreadable(question: Question, error: unknown): Judgement {
    const verdict = verdictOnFailure('store-read', question.failure);
    this.#readFailure.meet({ ...describeError(error), verdict });
    return { kind: 'undecided', verdict: verdict === 'tempfail' ? 'tempfail' : 'accept' };
  }

  // What passes passes, remembered or not; what waits must be found again at the next attempt.
  async #unwritten(question: Question, outcome: Outcome, error: unknown): Promise<Judgement> {
    this.#writeFailure.meet(describeError(error));
    if (outcome.kind === 'pass') return outcome;
    const isRemembered = outcome.reason === 'greylist-early' && (await this.#has(question.key));
    return verdictOnFailure('store-write', question.failure, isRemembered) === 'stand'
      ? outcome
      : { kind: 'undecided', verdict: 'accept' };
  }

  async #has(key: string): Promise<boolean> {
    try {
      return (await this.#store.get(key)) !== undefined;
    } catch {
      // The write's error is logged already, and says the same.
      return false;
    }
  }

  // A damaged record costs one new delay, and the next write mends it. One of a newer version, which
  // shares the store with us, is not ours to write over.
  #decode({ key, now }: Question, value: Uint8Array): Correspondence | undefined {
    const { gap } = this.#clock;
    try {
      const record = decodeCorrespondence(value);
      return gap === undefined ? record : readAcross(gap, record, now);
    } catch (error) {
      if (isNewerFormat(error)) throw error;
      this.#logger.error('record cannot be read', { ...describeError(error), key });
      return undefined;
    }
  }
}

/** What an outcome says of the client's other triplets. */
function lazyView(outcome: Outcome): {
  readonly knownForMs: number | undefined;
  /** When the triplet began that is known; what was known before anybody looked is older than all. */
  readonly knownSince: number;
  /** When the triplet began that waits; a new one is younger than all. */
  readonly waitingSince: number;
} {
  const { kind, clockAt } = outcome;
  const isKnown = kind === 'pass' && outcome.knownForMs !== 0;
  const knownForMs = isKnown ? outcome.knownForMs : undefined;
  const isEarly = outcome.reason === 'greylist-early';
  return {
    knownForMs,
    knownSince: clockAt ?? 0,
    waitingSince: isEarly ? (clockAt ?? 0) : Number.MAX_SAFE_INTEGER,
  };
}
