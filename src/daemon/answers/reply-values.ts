import type { Decision } from '../../greylist/decision.js';
import type { ReplyValues } from '../../greylist/reply-template.js';
import type { TemplateContext } from '../../greylist/template-context.js';
import type { MacroSource } from './macro-source.js';
import { replyFormOf } from './reply-forms.js';
import type { Ruling } from '../../rules/rule.js';
import type { Terms } from './terms.js';
import { textContext } from './text-context.js';

type ToldDecision = Pick<Decision, 'attempt' | 'at' | 'reason' | 'verdict'>;

/** By what the decision came about. */
interface Grounds {
  readonly ruling: Ruling | undefined;
  readonly terms: Terms;
}

/**
 * What a reply's text may show of a decision. There is one for every reply, and most texts show the
 * wait alone, so each value is looked up when it is shown.
 */
export class DecisionValues implements ReplyValues {
  readonly waitMs: number;
  readonly #decision: ToldDecision;
  readonly #grounds: Grounds;
  readonly #macros: MacroSource;

  constructor(decision: ToldDecision, waitMs: number, grounds: Grounds, macros: MacroSource) {
    this.waitMs = waitMs;
    this.#decision = decision;
    this.#grounds = grounds;
    this.#macros = macros;
  }

  get delayMs(): number {
    return this.#grounds.terms.greylist.delayMs;
  }

  get client(): string | undefined {
    return this.#decision.attempt.clientAddress?.text;
  }

  get name(): string | undefined {
    return this.#decision.attempt.clientName;
  }

  get from(): string {
    return this.#decision.attempt.sender.text;
  }

  get to(): string {
    return this.#decision.attempt.recipient.text;
  }

  get id(): string {
    return this.#decision.attempt.id;
  }

  get host(): string | undefined {
    return this.#macros.macro('j');
  }

  get dnsbl(): string | undefined {
    return this.#grounds.ruling?.found?.get('dnsbl');
  }

  /** Since the first attempt; of who does not wait nobody has asked. */
  get elapsedMs(): number {
    return this.waitMs === 0 ? 0 : this.delayMs - this.waitMs;
  }

  get context(): TemplateContext {
    const { attempt, at: now, reason, verdict } = this.#decision;
    const { ruling, terms } = this.#grounds;
    const { waitMs: remainingMs, elapsedMs } = this;
    const { code, enhanced } = replyFormOf(terms.replyForms, this.#decision);
    return textContext(terms.surroundings, {
      ...{ attempt, now, macros: this.#macros, ruling, remainingMs, elapsedMs },
      decision: { verdict, reason },
      reply: { code, enhanced },
    });
  }
}
