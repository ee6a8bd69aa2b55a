import type { Config } from '../../config/schema.js';
import type { Decision } from '../../greylist/decision.js';
import type { LoggedDecision } from '../../reports/logged-decision.js';
import {
  changeOf,
  ReplayTally,
  type ReplayChange,
  type ReplayedMail,
  type ReplayResult,
} from '../../reports/replay-tally.js';
import { networkText } from '../../reports/stories.js';
import type { Program } from '../../rules/rule.js';
import type { UnknownLookups } from './logged-lookups.js';
import { ReplayJudge } from './replay-judge.js';

/** A mail that has not got through in the log, or here. */
interface OpenMail {
  readonly first: LoggedDecision;
  /** When it got through here, if it has. */
  passedAt: number | undefined;
  isRefused: boolean;
}

/** A mail that has got through in the log, and whose client comes back here until it does. */
interface Return {
  readonly at: number;
  readonly mail: OpenMail;
  readonly logged: LoggedDecision;
  readonly loggedMs: number;
  readonly tries: number;
}

/** As long, and as many, as first attempts are joined to what came of them. */
const WINDOW_MS = 2 * 86_400_000;
const MAX_OPEN = 500_000;
/** Who has not got through by then is put off by a rule for good. */
const MAX_RETURNS = 20;
/** How long a client is taken to wait that is not told. */
const USUAL_WAIT_MS = 300_000;

/** What is told of a replay while it goes on. */
export interface ReplayWishes {
  /** Told of each mail that fares otherwise. */
  readonly onChange?: ((mail: ReplayedMail, change: ReplayChange) => void) | undefined;
}

/**
 * Has another configuration judge the attempts of a log. A retry of what got through earlier here does
 * not happen; who got through in the log, and is put off here, comes back as soon as it may.
 */
export class Replay {
  readonly #judge: ReplayJudge;
  readonly #wishes: ReplayWishes;
  readonly #tally = new ReplayTally();
  /** By sender, recipient and network, in the order in which they began. */
  readonly #open = new Map<string, OpenMail>();
  /** By their time. */
  readonly #returns: Return[] = [];

  constructor(config: Config, program: Program, wishes: ReplayWishes = {}) {
    this.#judge = new ReplayJudge(config, program);
    this.#wishes = wishes;
  }

  /** What rules asked that the log does not tell. */
  get unknown(): UnknownLookups {
    return this.#judge.unknown;
  }

  /** How many passed since they had been known before the log began. */
  get fromBefore(): number {
    return this.#judge.fromBefore;
  }

  /** @param logged the decisions in their order */
  async take(logged: LoggedDecision): Promise<void> {
    await this.#comeBack(logged.at);
    this.#giveUp(logged.at);
    const key = keyOf(logged);
    const mail = this.#open.get(key);
    if (mail?.passedAt !== undefined) {
      this.#afterwards(key, mail, logged);
      return;
    }
    // Its mail is told of already.
    if (mail === undefined && this.#judge.isRepeated(logged)) return;
    const decision = await this.#judge.judge(logged, logged.at);
    this.#compare(logged, decision);
    const known = mail ?? { first: logged, passedAt: undefined, isRefused: false };
    if (mail === undefined) this.#open.set(key, known);
    if (decision.verdict === 'accept') known.passedAt = logged.at;
    else if (decision.verdict !== 'tempfail') known.isRefused = true;
    this.#conclude(key, known, logged, decision);
  }

  async finish(): Promise<ReplayResult> {
    await this.#comeBack(Infinity);
    for (const mail of this.#open.values()) this.#end(mail, undefined, false);
    this.#open.clear();
    return this.#tally.result();
  }

  #compare(logged: LoggedDecision, decision: Decision): void {
    // Some lines do not say whether it was the first time.
    const isUntold = logged.reason === 'greylist' && decision.verdict === logged.verdict;
    if (!isUntold) this.#tally.answer(wordsOf(logged), wordsOf(decision));
  }

  /** A retry that would not have been: only what the log says of it counts. */
  #afterwards(key: string, mail: OpenMail, logged: LoggedDecision): void {
    if (logged.verdict === 'tempfail') return;
    this.#open.delete(key);
    const loggedMs = logged.verdict === 'accept' ? logged.at - mail.first.at : undefined;
    this.#end(mail, loggedMs, false);
  }

  #conclude(key: string, mail: OpenMail, logged: LoggedDecision, decision: Decision): void {
    // Whatever is refused is so for good, there or here.
    const isOver = logged.verdict !== 'tempfail' || mail.isRefused;
    if (!isOver) return;
    this.#open.delete(key);
    const loggedMs = logged.verdict === 'accept' ? logged.at - mail.first.at : undefined;
    if (loggedMs === undefined || mail.isRefused || mail.passedAt !== undefined) {
      this.#end(mail, loggedMs, false);
      return;
    }
    const at = logged.at + waitOf(decision);
    this.#schedule({ at, mail, logged, loggedMs, tries: 1 });
  }

  async #comeBack(until: number): Promise<void> {
    for (let next = this.#returns[0]; next !== undefined; next = this.#returns[0]) {
      if (next.at > until) return;
      this.#returns.shift();
      const { mail, logged, loggedMs, tries } = next;
      const decision = await this.#judge.judge(logged, next.at);
      if (decision.verdict === 'tempfail' && tries < MAX_RETURNS) {
        this.#schedule({ ...next, at: next.at + waitOf(decision), tries: tries + 1 });
        continue;
      }
      if (decision.verdict === 'accept') mail.passedAt = next.at;
      else mail.isRefused = true;
      this.#end(mail, loggedMs, !mail.isRefused);
    }
  }

  #schedule(next: Return): void {
    let index = this.#returns.length;
    while (index > 0 && (this.#returns[index - 1]?.at ?? 0) > next.at) index--;
    this.#returns.splice(index, 0, next);
  }

  #giveUp(now: number): void {
    for (const [key, mail] of this.#open) {
      if (now - mail.first.at < WINDOW_MS && this.#open.size <= MAX_OPEN) return;
      this.#open.delete(key);
      this.#end(mail, undefined, false);
    }
  }

  #end(
    { first, passedAt, isRefused }: OpenMail,
    loggedMs: number | undefined,
    isAtLeast: boolean,
  ): void {
    const replayedMs = passedAt === undefined ? undefined : passedAt - first.at;
    const mail = { first, loggedMs, replayedMs, isAtLeast, isRefused };
    this.#tally.add(mail);
    const change = changeOf(mail);
    if (change !== 'same' && change !== 'never') this.#wishes.onChange?.(mail, change);
  }
}

function keyOf({ from, to, client }: LoggedDecision): string {
  return `${from}\0${to}\0${networkText(client)}`.toLowerCase();
}

function wordsOf({
  verdict,
  reason,
}: Pick<Decision | LoggedDecision, 'verdict' | 'reason'>): string {
  return `${verdict} ${reason}`;
}

function waitOf(decision: Decision): number {
  const waitMs = decision.would === 'tempfail' ? decision.waitMs : undefined;
  return Math.max(1000, waitMs ?? USUAL_WAIT_MS);
}
