import { decide, type Decision } from '../../greylist/decision.js';
import type { Ruling } from '../../rules/rule.js';
import type { Logger } from '../../telemetry/logger.js';
import { clientVisit, hasFallen } from '../greylisting/client-visit.js';
import { shownTime, type Clock } from '../process/clock.js';
import type { Greylister } from '../greylisting/greylister.js';
import { particularsOf } from './particulars.js';
import type { Policy } from '../policy/policy.js';
import { findingOfRule, type Recipient } from './recipient-judge.js';
import type { FindTerms, Terms } from './terms.js';

/** What a ruling on a whole message is applied with. */
export interface MessageRulingDependencies {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'decision'>;
  readonly greylister: Pick<Greylister, 'forgetClient'>;
}

/** What a rule wants with a message that is there, other than to let it go on. */
export interface MessageRuling {
  readonly action: Exclude<Ruling['action'], 'accept' | 'greylist'>;
  /** About the first recipient; all are told the same. */
  readonly decision: Decision;
  readonly terms: Terms;
}

/** Applies what `message-rules` say of a message to each of its recipients, and logs it. */
export class MessageRulings {
  readonly #policy: Policy;
  readonly #dependencies: MessageRulingDependencies;
  readonly #findTerms: FindTerms;

  constructor(policy: Policy, dependencies: MessageRulingDependencies, findTerms: FindTerms) {
    this.#policy = policy;
    this.#dependencies = dependencies;
    this.#findTerms = findTerms;
  }

  /** Undefined if the message goes on, be it because of the mode. */
  apply(ruling: Ruling, passed: readonly Recipient[]): MessageRuling | undefined {
    const { action } = ruling;
    if (action === 'accept' || action === 'greylist') return undefined;
    const [first] = passed;
    if (first !== undefined && hasFallen(ruling)) {
      this.#dependencies.greylister.forgetClient(clientVisit(first.attempt, this.#policy));
    }
    const terms = this.#findTerms(ruling.settings, false);
    const [decision] = passed.map((recipient) => this.#decide(recipient, action, ruling, terms));
    return decision === undefined || decision.verdict === 'accept'
      ? undefined
      : { action, decision, terms };
  }

  #decide(
    { attempt }: Recipient,
    action: MessageRuling['action'],
    ruling: Ruling,
    { mode, log }: Terms,
  ): Decision {
    const at = shownTime(this.#dependencies.clock);
    const rule = ruling.rule?.name;
    const particulars = this.#policy.tellsParticulars ? particularsOf(ruling) : undefined;
    const circumstances = { attempt, stage: 'eom', mode, rule, at, tookUs: 0 } as const;
    const decision = decide(findingOfRule(action), { ...circumstances, particulars });
    this.#dependencies.logger.decision(decision, log);
    return decision;
  }
}
