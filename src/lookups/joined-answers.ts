import type { Answer, MaybePromise } from '../rules/lookups.js';
import { AnswerCache } from './answer-cache.js';

/** So that the recipients of one message cost one question; and no longer, since servers count. */
const TTL_MS = 10_000;

/**
 * Answers of servers, by what was asked: whoever asks the same while a question is under way, or soon
 * after it was answered, has its answer. What was not answered is asked again.
 */
export class JoinedAnswers<T> {
  readonly #clock: { now(): number };
  readonly #answers: AnswerCache<Answer<T>>;
  readonly #underWay = new Map<string, Promise<Answer<T>>>();

  /** @param maxEntries how many answers are kept */
  constructor(maxEntries: number, clock: { now(): number }) {
    this.#clock = clock;
    this.#answers = new AnswerCache({ maxEntries, minTtlMs: TTL_MS, maxTtlMs: TTL_MS });
  }

  /** @param send asks, and never rejects */
  ask(key: string, send: () => Promise<Answer<T>>): MaybePromise<Answer<T>> {
    const known = this.#answers.get(key, this.#clock.now()) ?? this.#underWay.get(key);
    if (known !== undefined) return known;
    const answer = send().then((found) => {
      this.#underWay.delete(key);
      if (found.known) this.#answers.set(key, found, this.#clock.now(), TTL_MS);
      return found;
    });
    this.#underWay.set(key, answer);
    return answer;
  }
}
