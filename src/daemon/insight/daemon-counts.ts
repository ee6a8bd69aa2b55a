import type { Decision } from '../../greylist/decision.js';
import type { GreylistStore } from '../../store/store.js';
import { AdminRefusals } from '../../telemetry/admin-refusals.js';
import { DecisionCounts } from '../../telemetry/decision-counts.js';
import type { Logger } from '../../telemetry/logger.js';
import { ProtocolCounts } from '../../telemetry/protocol-counts.js';
import type { Clock } from '../process/clock.js';
import { Delays } from './decision-summary.js';
import { ForgottenTriplets } from '../stores/forgotten-triplets.js';
import { Impairments } from '../process/impairments.js';
import { LearningWatch } from './learning-watch.js';
import { MeasuredStore } from '../stores/measured-store.js';
import { StoreDamage } from '../stores/store-damage.js';

/** What is counted all the time, in plain numbers; it becomes metrics when somebody asks. */
export interface DaemonCounts {
  readonly decisions: DecisionCounts;
  readonly delays: Delays;
  readonly milter: ProtocolCounts;
  readonly policy: ProtocolCounts;
  readonly admin: AdminRefusals;
  readonly impairments: Impairments;
  readonly store: MeasuredStore;
  readonly forgotten: ForgottenTriplets;
  readonly learning: LearningWatch;
  readonly damage: StoreDamage;
}

/** Who and what is counted. */
export interface CountedParts {
  readonly store: GreylistStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears the store, which is opened before there is a daemon; its own without this. */
  readonly forgotten?: ForgottenTriplets | undefined;
  /** Called when an impairment, or damage of the store, begins or ends. */
  readonly onImpairment?: (() => void) | undefined;
}

/** All at zero. */
export function createDaemonCounts(parts: CountedParts): DaemonCounts {
  const { store, clock, logger, forgotten = new ForgottenTriplets(logger) } = parts;
  return {
    decisions: new DecisionCounts(),
    delays: new Delays(),
    milter: new ProtocolCounts(),
    policy: new ProtocolCounts(),
    admin: new AdminRefusals(),
    impairments: new Impairments(logger, clock, parts.onImpairment),
    store: new MeasuredStore(store),
    forgotten,
    learning: new LearningWatch(clock, logger),
    damage: new StoreDamage(clock, parts.onImpairment),
  };
}

/** Counts a decision wherever decisions are counted. */
export function countDecision(
  { decisions, delays, learning }: DaemonCounts,
  decision: Decision,
): void {
  decisions.count(decision);
  delays.add(decision);
  learning.add(decision);
}
