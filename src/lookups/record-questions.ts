import { performance } from 'node:perf_hooks';
import type { Answer, MaybePromise } from '../rules/lookups.js';
import { AnswerCache, type AnswerCacheLimits } from './answer-cache.js';
import type { Asker } from './asker.js';
import { isAskable } from './dns-name.js';
import type { DnsCounters } from './lookup-counters.js';
import type { QuestionQuota } from './question-quota.js';

/** What a name server said; no records: the name, or this type of it, does not exist. */
export interface RecordSet<T> {
  readonly records: readonly T[];
  /** Undefined where Node.js does not tell. */
  readonly ttlSeconds: number | undefined;
}

/** What the questions of all types have in common. */
export interface QuestionParts {
  readonly clock: { now(): number };
  /** For one question. */
  readonly timeoutMs: number;
  readonly quota: QuestionQuota;
  readonly counters: DnsCounters;
  readonly cacheLimits: AnswerCacheLimits;
}

/** The name server did not answer, and the resolver has given up. */
const TIMED_OUT = 'ETIMEOUT';
/** NXDOMAIN, and no records of this type. */
const NOT_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);
/** Node.js tells no TTL but those of addresses, nor the SOA's of a negative answer. */
const UNTOLD_TTL_MS = 300_000;
const NEGATIVE_TTL_MS = 60_000;
/** More than anybody needs; an answer of 64 KiB can have thousands, and they are kept in memory. */
const MAX_RECORDS = 200;

/**
 * Questions for one type of record: what was answered is remembered, what is asked is asked once
 * however many want to know, and an answer that does not come is not waited for.
 */
export class RecordQuestions<T> {
  readonly #type: string;
  readonly #query: (name: string) => Promise<RecordSet<T>>;
  readonly #parts: QuestionParts;
  readonly #cache: AnswerCache<Answer<readonly T[]>>;
  readonly #underWay = new Map<string, Promise<Answer<readonly T[]>>>();

  constructor(type: string, query: (name: string) => Promise<RecordSet<T>>, parts: QuestionParts) {
    this.#type = type;
    this.#query = query;
    this.#parts = parts;
    this.#cache = new AnswerCache(parts.cacheLimits);
  }

  /** Never rejects. Names are absolute, with or without the final dot. */
  ask(name: string, asker: Asker): MaybePromise<Answer<readonly T[]>> {
    const { clock, counters, quota } = this.#parts;
    const key = canonical(name);
    const now = clock.now();
    const cached = this.#cache.get(key, now);
    if (cached !== undefined) {
      counters.cached++;
      return cached;
    }
    const askable = isAskable(key);
    if (askable === 'cannot-exist') return { known: true, value: [] };
    if (askable === 'not-by-us') return this.#unknown(key, 'Node.js cannot ask for such a name');
    const remainingMs = asker.remainingMs();
    if (remainingMs < 1) return this.#unknown(key, 'no time was left to ask');
    const same = this.#underWay.get(key);
    if (same !== undefined) {
      counters.joined++;
      return this.#within(remainingMs, key, same);
    }
    const share = quota.take(asker.client, now);
    if (share === undefined) {
      counters.refused++;
      return this.#unknown(key, 'too many questions for this client network');
    }
    const answer = this.#send(key).finally(() => {
      quota.release(share);
      this.#underWay.delete(key);
    });
    this.#underWay.set(key, answer);
    return this.#within(remainingMs, key, answer);
  }

  /** Goes on when the asker has given up: when the client comes again the answer is here. */
  async #send(key: string): Promise<Answer<readonly T[]>> {
    const { counters, timeoutMs } = this.#parts;
    const startedAt = performance.now();
    counters.asked++;
    const outcome = await limited(this.#receive(key), timeoutMs, () => TIMED_OUT);
    counters.microseconds += Math.round((performance.now() - startedAt) * 1000);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === TIMED_OUT) counters.timedOut++;
    else counters.failed++;
    return this.#unknown(key, outcome === TIMED_OUT ? 'no answer in time' : outcome);
  }

  /** The answer, remembered even if it comes too late; or what went wrong, in a word. */
  async #receive(key: string): Promise<Answer<readonly T[]> | string> {
    try {
      const { records, ttlSeconds } = await this.#query(key);
      if (records.length > MAX_RECORDS) return `${records.length} records are too many`;
      return this.#keep(key, records, ttlSeconds === undefined ? UNTOLD_TTL_MS : ttlSeconds * 1000);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return NOT_THERE.has(code) ? this.#keep(key, [], NEGATIVE_TTL_MS) : code;
    }
  }

  #keep(key: string, value: readonly T[], ttlMs: number): Answer<readonly T[]> {
    const answer = { known: true, value } as const;
    this.#cache.set(key, answer, this.#parts.clock.now(), ttlMs);
    return answer;
  }

  #unknown(key: string, problem: string): Answer<readonly T[]> {
    return { known: false, problem: `${this.#type} ${key}: ${problem}` };
  }

  /** The question's own limit suffices unless the asker has less time than that. */
  #within(
    remainingMs: number,
    key: string,
    answer: Promise<Answer<readonly T[]>>,
  ): Promise<Answer<readonly T[]>> {
    if (remainingMs >= this.#parts.timeoutMs) return answer;
    return limited(answer, remainingMs, () => this.#unknown(key, 'no answer in the time left'));
  }
}

/** Upper and lower case are the same (RFC 4343), and so are names with and without the final dot. */
function canonical(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** The promise's value, or another one once the time is over. */
function limited<T>(promise: Promise<T>, limitMs: number, otherwise: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise()), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
