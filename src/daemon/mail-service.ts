import type { Socket } from 'node:net';
import type { Config } from '../config/schema.js';
import { MilterServer, type MilterFilter } from '../protocols/milter/index.js';
import { PolicyServer } from '../protocols/postfix-policy/index.js';
import { RateWindow } from '../rules/rate-window.js';
import type { Logger } from '../telemetry/logger.js';
import type { Activity } from './answers/activity.js';
import { Tarpit } from './answers/tarpit.js';
import type { RuleSet } from './configuration/rule-set.js';
import { ExpectedReplies } from './greylisting/expected-replies.js';
import { Greylister } from './greylisting/greylister.js';
import type { PendingGate } from './greylisting/pending-gate.js';
import { TrustedWatch } from './greylisting/trusted-watch.js';
import type { DaemonCounts } from './insight/daemon-counts.js';
import type { DecisionTap } from './insight/decision-tap.js';
import type { ListenerProtocol } from './listening/listener-set.js';
import { milterLimits, policyLimits } from './listening/server-limits.js';
import { createMilterFilter, type FilterDependencies } from './milter/milter-filter.js';
import { createSessionIds, type MilterSession } from './milter/milter-session.js';
import { observeMilter } from './milter/observe-milter.js';
import { createPolicy } from './policy/policy.js';
import { observePolicy } from './postfix/observe-policy.js';
import { PostfixAnswers } from './postfix/postfix-answers.js';
import {
  PostfixService,
  type PostfixServiceDependencies,
  type PostfixVisit,
} from './postfix/postfix-service.js';
import type { Clock } from './process/clock.js';

/** What mail is answered by, from one reload to the next. */
export interface RulesInForce {
  readonly config: Config;
  readonly ruleSet: RuleSet;
  readonly activity: Activity | undefined;
}

/** What answers are made with, whatever the rules are. */
export type MailServiceParts = Required<Pick<FilterDependencies, 'effects' | 'byHand'>> &
  Pick<PostfixServiceDependencies, 'setTestTime'> & {
    readonly clock: Clock;
    readonly logger: Logger;
    /** Where decisions go. */
    readonly decisions: DecisionTap;
    readonly counts: DaemonCounts;
    readonly gate: PendingGate;
  };

/** The protocols that MTAs speak. */
type MailProtocol = Exclude<ListenerProtocol, 'admin' | 'http'>;

/** What answers in each protocol. */
interface Answers {
  readonly milter: MilterFilter<MilterSession>;
  readonly postfix: PostfixAnswers;
}

/**
 * Answers MTAs under the rules in force: the servers of both protocols, and the greylister behind
 * them.
 */
export class MailService {
  readonly #dependencies: Omit<FilterDependencies, 'lookups' | 'providers' | 'activity'>;
  readonly #milterServer: MilterServer<MilterSession>;
  readonly #policyServer: PolicyServer<PostfixVisit>;
  readonly #postfix: PostfixService;
  #filter: MilterFilter<MilterSession>;

  constructor(parts: MailServiceParts, rules: RulesInForce) {
    const { clock, logger, counts, setTestTime } = parts;
    this.#dependencies = dependenciesOf(parts);
    const { nextSessionId } = this.#dependencies;
    const { milter, postfix } = this.#answersUnder(rules);
    this.#filter = milter;
    this.#postfix = new PostfixService(postfix, { logger, clock, nextSessionId, setTestTime });
    this.#milterServer = new MilterServer({
      filter: () => this.#filter,
      limits: milterLimits(rules.config),
      observer: observeMilter(logger, clock, counts),
    });
    this.#policyServer = new PolicyServer({
      open: () => this.#postfix.open(),
      close: (visit) => this.#postfix.close(visit),
      service: () => this.#postfix,
      limits: policyLimits(rules.config),
      observer: observePolicy(logger, clock, counts),
    });
  }

  /** Serves one connection of an MTA. */
  accept(socket: Socket, protocol: MailProtocol): void {
    if (protocol === 'milter') this.#milterServer.accept(socket);
    else this.#policyServer.accept(socket);
  }

  /** How many MTAs are connected, by protocol. */
  get connectionsOf(): Readonly<Record<MailProtocol, number>> {
    return {
      milter: this.#milterServer.connections,
      policy: this.#policyServer.connections,
    };
  }

  /** Goes by other rules, for sessions from now on; those that are open keep theirs. */
  follow(rules: RulesInForce): void {
    const { milter, postfix } = this.#answersUnder(rules);
    this.#filter = milter;
    this.#postfix.setAnswers(postfix);
    this.#milterServer.setLimits(milterLimits(rules.config));
    this.#policyServer.setLimits(policyLimits(rules.config));
  }

  /** Lets SMTP sessions end; those that have not in time are cut. Listeners have to be closed before. */
  async drain(withinMs: number): Promise<void> {
    await Promise.all([this.#milterServer.drain(withinMs), this.#policyServer.drain(withinMs)]);
  }

  #answersUnder({ config, ruleSet, activity }: RulesInForce): Answers {
    const policy = createPolicy(config, ruleSet.program);
    const dependencies = { ...this.#dependencies, ...ruleSet, activity };
    return {
      milter: createMilterFilter(policy, dependencies),
      postfix: new PostfixAnswers(policy, dependencies),
    };
  }
}

function dependenciesOf(
  parts: MailServiceParts,
): Omit<FilterDependencies, 'lookups' | 'providers' | 'activity'> {
  const { clock, logger, decisions, counts, gate, effects, byHand } = parts;
  const { impairments, store } = counts;
  return {
    effects,
    greylister: new Greylister(store, logger, clock, { impairments, gate }),
    expectedReplies: new ExpectedReplies(store, logger, clock),
    tarpit: new Tarpit(store, logger, clock),
    clock,
    logger: decisions,
    byHand,
    rates: new RateWindow(),
    watch: new TrustedWatch(logger),
    nextSessionId: createSessionIds(clock.now()),
  };
}
