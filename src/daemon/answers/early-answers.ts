import type { Attempt } from '../../greylist/attempt.js';
import { decide } from '../../greylist/decision.js';
import type { Logger } from '../../telemetry/logger.js';
import { clientVisit, hasFallen } from '../greylisting/client-visit.js';
import { answerTo, type AnswerForm } from './decision-reply.js';
import type { Greylister } from '../greylisting/greylister.js';
import type { MacroSource } from './macro-source.js';
import type { Policy } from '../policy/policy.js';
import { findingOfRule } from './recipient-judge.js';
import { shownTime } from '../process/clock.js';
import { RuleJudge, type RuleDependencies } from './rule-judge.js';
import { createTermsFinder, type FindTerms } from './terms.js';

type EarlyStage = 'connect' | 'helo' | 'mail';

/** What is known before the first recipient. */
export interface EarlyQuestion {
  /** Sender and recipient may be missing. */
  readonly attempt: Attempt;
  readonly context: MacroSource;
  /** Whether nobody waits for the answer any more. */
  readonly isGone: () => boolean;
}

interface EarlyDependencies extends RuleDependencies {
  readonly logger: Logger;
  readonly greylister: Pick<Greylister, 'forgetClient'>;
}

/**
 * What the MTA is told before RCPT: nothing, unless a rule says `stage: connect`, `helo` or `mail`.
 * Whoever passes here is asked for again at RCPT.
 */
export class EarlyAnswers<Answer> {
  readonly #form: AnswerForm<Answer>;
  readonly #stages: ReadonlySet<string>;
  readonly #rules: RuleJudge;
  readonly #findTerms: FindTerms;
  readonly #logger: Logger;
  readonly #clock: RuleDependencies['clock'];
  readonly #policy: Policy;
  readonly #greylister: EarlyDependencies['greylister'];

  constructor(policy: Policy, dependencies: EarlyDependencies, form: AnswerForm<Answer>) {
    this.#form = form;
    this.#policy = policy;
    this.#greylister = dependencies.greylister;
    const { rules } = policy.program;
    this.#stages = new Set(rules.map(({ settings }) => settings.stage ?? 'rcpt'));
    this.#rules = new RuleJudge(policy, dependencies);
    this.#findTerms = createTermsFinder(policy);
    this.#logger = dependencies.logger;
    this.#clock = dependencies.clock;
  }

  /** Whether any rule answers at that stage. */
  answersAt(stage: EarlyStage): boolean {
    return this.#stages.has(stage);
  }

  async answer(stage: EarlyStage, { attempt, context, isGone }: EarlyQuestion): Promise<Answer> {
    const startedAt = performance.now();
    const submission = { attempt, recipientsBefore: 0, context };
    const ruling = await this.#rules.atStage(stage, submission);
    if (ruling === undefined || isGone()) return this.#form.pass;
    const { action, rule } = ruling;
    if (action !== 'tempfail' && action !== 'reject') return this.#form.pass;
    if (hasFallen(ruling)) this.#greylister.forgetClient(clientVisit(attempt, this.#policy));
    const terms = this.#findTerms(ruling.settings, false);
    const tookUs = Math.round((performance.now() - startedAt) * 1000);
    const circumstances = { attempt, stage, mode: terms.mode, rule: rule?.name, tookUs } as const;
    const decision = decide(findingOfRule(action), {
      ...circumstances,
      at: shownTime(this.#clock),
    });
    this.#logger.decision(decision, terms.log);
    return answerTo(this.#form, decision, { ruling, terms }, context);
  }
}
