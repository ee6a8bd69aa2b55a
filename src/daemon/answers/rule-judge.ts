import type { Attempt, Stage } from '../../greylist/attempt.js';
import type { MacroSource } from './macro-source.js';
import type { Effects, Evaluation, Rates, Tarpits } from '../../rules/condition.js';
import { evaluateRules, type Trail } from '../../rules/evaluate.js';
import { EvaluationTexts } from '../../rules/evaluation-texts.js';
import { exemptionOf } from '../../rules/exemption.js';
import type { Counted, Facts, MessageFacts } from '../../rules/facts.js';
import type { Lookups, LookupSource, MaybePromise } from '../../rules/lookups.js';
import { Properties } from '../../rules/properties.js';
import type { Rule, Ruling } from '../../rules/rule.js';
import { describeTrail, TrailRecorder, type RuleTrace } from '../../rules/trail.js';
import type { Logger } from '../../telemetry/logger.js';
import { shownTime, type Clock } from '../process/clock.js';
import type { Policy } from '../policy/policy.js';
import type { Tarpit } from './tarpit.js';

/** What rules may ask. */
export interface RuleDependencies {
  readonly lookups: LookupSource;
  readonly rates: Rates;
  readonly clock: Clock;
  /** Hears at debug level what the rules have found. */
  readonly logger: Pick<Logger, 'debug' | 'isDebug'>;
  /** Nothing is done without it. */
  readonly effects?: Effects;
  /** Nobody waits without it. */
  readonly tarpit?: Tarpit;
}

/** One attempt as the rules are shown it. */
export interface Submission {
  readonly attempt: Attempt;
  readonly recipientsBefore: number;
  /** All of those without it. */
  readonly acceptedBefore?: number;
  /** All of it counts anew without it. */
  readonly counted?: Counted;
  readonly context: MacroSource;
  /** Those of the recipient, if others share their time; its own otherwise. */
  readonly lookups?: Lookups;
  readonly message?: MessageFacts;
  /** Those of its message; none of it has been set without them, and nothing that is set is kept. */
  readonly properties?: Properties;
  /** It is before RCPT, where the same rules are asked again. */
  readonly isEarly?: boolean;
  /** The MTA has asked about it before: rates have counted it, and are only asked. */
  readonly isRepeated?: boolean;
}

const stages: readonly Stage[] = ['connect', 'helo', 'mail', 'rcpt', 'data', 'eom'];

/** Asks the rules of one policy. */
export class RuleJudge {
  readonly #policy: Policy;
  readonly #dependencies: RuleDependencies;
  readonly #askedRates: Rates;
  readonly #tarpits: Tarpits | undefined;
  readonly #early: Readonly<Record<'connect' | 'helo' | 'mail', readonly Rule[]>>;

  constructor(policy: Policy, dependencies: RuleDependencies) {
    this.#policy = policy;
    this.#dependencies = dependencies;
    const { rates, tarpit } = dependencies;
    this.#tarpits = tarpit && { stateOf: (waiting) => tarpit.stateOf(waiting, policy) };
    this.#askedRates = { hit: (key, windowMs, now) => rates.hit(key, windowMs, now, 0) };
    const { rules } = policy.program;
    this.#early = {
      connect: decidableAt(rules, 'connect'),
      helo: decidableAt(rules, 'helo'),
      mail: decidableAt(rules, 'mail'),
    };
  }

  /** Whether there is any to be asked of a recipient. */
  get areAny(): boolean {
    return this.#policy.program.rules.length > 0;
  }

  /** What becomes of a recipient; undefined where no rule is asked, since it passes anyway. */
  ofRecipient(submission: Submission, trail?: Trail): MaybePromise<Ruling | undefined> {
    if (!this.areAny) return undefined;
    const { program, trusted, exempt } = this.#policy;
    if (exemptionOf(submission.attempt, trusted, exempt) !== undefined) return undefined;
    return this.#evaluate(program.rules, submission, trail);
  }

  /**
   * What a rule says before RCPT, if it says that it answers there; undefined if none does. Rates are
   * only asked: RCPT comes again, and counts.
   */
  async atStage(
    stage: 'connect' | 'helo' | 'mail',
    submission: Submission,
    trail?: Trail,
  ): Promise<Ruling | undefined> {
    const { trusted, exempt } = this.#policy;
    if (exemptionOf(submission.attempt, trusted, exempt) !== undefined) return undefined;
    const ruling = await this.#evaluate(
      this.#early[stage],
      { ...submission, isEarly: true },
      trail,
    );
    return ruling.rule?.settings.stage === stage ? ruling : undefined;
  }

  /** What the rules say of a message that is there; undefined where there are none. */
  ofMessage(submission: Submission, trail?: Trail): MaybePromise<Ruling | undefined> {
    const { messageRules } = this.#policy.program;
    if (messageRules.length === 0) return undefined;
    return this.#evaluate(messageRules, submission, trail);
  }

  #evaluate(
    rules: readonly Rule[],
    submission: Submission,
    trail: Trail | undefined,
  ): MaybePromise<Ruling> {
    const evaluation = this.#evaluation(submission);
    const { logger } = this.#dependencies;
    const recorder =
      trail === undefined && logger.isDebug === true ? new TrailRecorder() : undefined;
    const finish = (ruling: Ruling): Ruling => {
      if (recorder !== undefined) this.#tell(submission, ruling, recorder.traces(rules));
      return withShown(ruling, evaluation);
    };
    const ruling = evaluateRules(rules, evaluation, trail ?? recorder);
    return ruling instanceof Promise ? ruling.then(finish) : finish(ruling);
  }

  #tell({ attempt }: Submission, { action }: Ruling, traces: readonly RuleTrace[]): void {
    const { id, recipient } = attempt;
    const found = describeTrail(traces);
    this.#dependencies.logger.debug('rules asked', {
      id,
      to: `<${recipient.text}>`,
      action,
      found,
    });
  }

  #evaluation(submission: Submission): Evaluation {
    const { lookups, clock } = this.#dependencies;
    const { attempt, recipientsBefore, counted, context, message } = submission;
    const isAsking = submission.isEarly === true || submission.isRepeated === true;
    const rates = isAsking ? this.#askedRates : this.#dependencies.rates;
    const facts: Facts = {
      attempt,
      now: clock.now(),
      shownNow: shownTime(clock),
      recipientsBefore,
      acceptedBefore: submission.acceptedBefore,
      counted: isAsking ? undefined : counted,
      macro: (symbol) => context.macro(symbol),
      message,
    };
    const asked = submission.lookups ?? lookups.forRecipient(attempt.clientAddress);
    const properties = submission.properties ?? new Properties();
    const found = new Map<string, string>();
    const texts = new EvaluationTexts({ facts, found, properties }, this.#policy.surroundings);
    const effects = submission.isEarly === true ? undefined : this.#dependencies.effects;
    return {
      facts,
      lookups: asked,
      rates,
      found,
      properties,
      overrides: [],
      texts,
      effects,
      tarpits: this.#tarpits,
    };
  }
}

/** What texts may show of it. */
function withShown(ruling: Ruling, { found, properties: { values }, texts }: Evaluation): Ruling {
  const groups = texts.keepGroups();
  if (found.size === 0 && values.size === 0 && groups === undefined) return ruling;
  return {
    ...ruling,
    ...(found.size > 0 && { found }),
    ...(values.size > 0 && { properties: values }),
    ...(groups !== undefined && { groups }),
  };
}

/** Those that can be answered by then; what comes later cannot yet speak for or against anybody. */
function decidableAt(rules: readonly Rule[], stage: Stage): readonly Rule[] {
  return rules.filter((rule) => stages.indexOf(rule.decidableAt) <= stages.indexOf(stage));
}
