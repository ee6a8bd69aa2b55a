import { decide, type Decision } from '../../greylist/decision.js';
import type { LookupSource } from '../../rules/lookups.js';
import type { Ruling } from '../../rules/rule.js';
import type { Logger } from '../../telemetry/logger.js';
import { shownTime, type Clock } from '../process/clock.js';
import { longestWait, type Heard } from './longest-wait.js';
import { particularsOf } from './particulars.js';
import type { Policy } from '../policy/policy.js';
import { hearRecipient, type Judges, type Recipient } from './recipient-judge.js';
import type { FindTerms, Terms } from './terms.js';
import type { Transaction } from './transaction.js';

/** What a message is greylisted with. */
export interface MessageGreylistDependencies extends Judges {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'decision'>;
  readonly lookups: LookupSource;
}

/** The message has to wait. */
export interface MessageWait {
  readonly decision: Decision;
  readonly terms: Terms;
}

/** Whether a ruling wants a message to be greylisted, and there is somebody for whom it can be. */
export function isToBeGreylisted(
  ruling: Ruling,
  { byDefault }: Pick<Transaction, 'byDefault'>,
): boolean {
  return ruling.action === 'greylist' && ruling.rule !== undefined && byDefault.length > 0;
}

/**
 * Greylisting once the message is there, by a rule of `message-rules`: it is asked about the recipients
 * that a rule for everybody has let pass, and for no other reason. Whom a rule with conditions has let
 * pass, or the greylist, has been decided about. As with a transaction that is answered at DATA all
 * wait if one does.
 */
export class MessageGreylist {
  readonly #policy: Policy;
  readonly #dependencies: MessageGreylistDependencies;
  readonly #findTerms: FindTerms;

  constructor(policy: Policy, dependencies: MessageGreylistDependencies, findTerms: FindTerms) {
    this.#policy = policy;
    this.#dependencies = dependencies;
    this.#findTerms = findTerms;
  }

  /** Undefined if the message goes on. */
  async judge(transaction: Transaction, ruling: Ruling): Promise<MessageWait | undefined> {
    const isProbe = transaction.isProbe(this.#policy);
    const terms = this.#findTerms(ruling.settings, isProbe);
    const heard = await this.#hear(transaction, ruling, terms);
    const worst = longestWait(heard);
    const decisions = heard.map(({ recipient, finding }) =>
      this.#record(transaction, recipient, worst === undefined ? finding : worst.finding),
    );
    const decision = decisions.find(({ verdict }) => verdict === 'tempfail');
    return decision && { decision, terms };
  }

  async #hear(transaction: Transaction, ruling: Ruling, terms: Terms): Promise<readonly Heard[]> {
    const { lookups, clock } = this.#dependencies;
    const heard: Heard[] = [];
    for (const { attempt } of transaction.byDefault) {
      const recipient: Recipient = { attempt, ruling, terms };
      const { finding } = await hearRecipient(
        {
          recipient,
          policy: this.#policy,
          lookups: lookups.forRecipient(attempt.clientAddress),
          clockAt: transaction.clockAt,
          now: clock.now(),
        },
        this.#dependencies,
      );
      heard.push({ recipient, finding });
    }
    return heard;
  }

  #record(
    transaction: Transaction,
    { attempt, ruling, terms }: Recipient,
    finding: Heard['finding'],
  ): Decision {
    const { clock, logger } = this.#dependencies;
    const particulars = this.#policy.tellsParticulars ? particularsOf(ruling) : undefined;
    const decision = decide(finding, {
      attempt,
      stage: 'eom',
      mode: terms.mode,
      rule: ruling?.rule?.name,
      at: shownTime(clock),
      tookUs: 0,
      particulars,
    });
    if (finding.verdict === 'accept') {
      transaction.lastPassed = decision;
      if (terms.mode === 'enforce') transaction.delay(finding.delayedMs);
    }
    logger.decision(decision, terms.log);
    return decision;
  }
}
