import type { LoggedDecision } from './logged-decision.js';

/** The greylister's line and the MTA's of one event are not further from each other. */
const NEAR_MS = 10_000;
/** Nor are there more lines between them. */
const MAX_HELD = 20_000;

interface Held {
  decision: LoggedDecision;
  readonly key: string;
  isDropped: boolean;
}

/**
 * Of what Postfix and the greylister both say in one log, keeps what the greylister says, whichever
 * came first, with the HELO that Postfix alone may tell. Decisions come out in their order, ten
 * seconds of the log later.
 */
export class OneVoice {
  #held: Held[] = [];
  /** What of the one still waits for the other's line, by who it is about. */
  readonly #unmatched = new Map<string, Held[]>();
  #hasPostfix = false;
  #head = 0;

  /** @returns what can be told by now */
  take(decision: LoggedDecision): readonly LoggedDecision[] {
    if (decision.voice === 'postfix') this.#hasPostfix = true;
    const isOff = decision.would === 'tempfail';
    const key = isOff ? `${decision.client ?? ''} ${decision.from} ${decision.to}` : '';
    const held: Held = { decision, key, isDropped: false };
    if (isOff) this.#match(held);
    this.#held.push(held);
    return this.#release(decision.at - NEAR_MS, MAX_HELD);
  }

  /** What is left at the end. */
  end(): readonly LoggedDecision[] {
    return this.#release(Infinity, 0);
  }

  /** Whether any line was Postfix's. */
  get hasPostfix(): boolean {
    return this.#hasPostfix;
  }

  #match(held: Held): void {
    const isPostfix = held.decision.voice === 'postfix';
    const others = this.#unmatched.get(held.key) ?? [];
    const at = others.findIndex(({ decision }) => (decision.voice === 'postfix') !== isPostfix);
    if (at === -1) {
      this.#unmatched.set(held.key, [...others, held]);
      return;
    }
    const [other] = others.splice(at, 1);
    if (others.length === 0) this.#unmatched.delete(held.key);
    if (other === undefined) return;
    const [kept, dropped] = isPostfix ? [other, held] : [held, other];
    dropped.isDropped = true;
    kept.decision = { ...kept.decision, helo: kept.decision.helo ?? dropped.decision.helo };
  }

  #release(until: number, most: number): readonly LoggedDecision[] {
    const out: LoggedDecision[] = [];
    let head = this.#held[this.#head];
    while (
      head !== undefined &&
      (head.decision.at < until || this.#held.length - this.#head > most)
    ) {
      this.#forget(head);
      if (!head.isDropped) out.push(head.decision);
      this.#head++;
      head = this.#held[this.#head];
    }
    // Cut off now and then: to shift each would cost its length.
    if (this.#head > 1000 && this.#head * 2 > this.#held.length) {
      this.#held = this.#held.slice(this.#head);
      this.#head = 0;
    }
    return out;
  }

  #forget(held: Held): void {
    const others = this.#unmatched.get(held.key);
    if (others === undefined) return;
    const left = others.filter((other) => other !== held);
    if (left.length === 0) this.#unmatched.delete(held.key);
    else if (left.length < others.length) this.#unmatched.set(held.key, left);
  }
}
