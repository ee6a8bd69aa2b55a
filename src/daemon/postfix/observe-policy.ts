import type { Reason } from '../../greylist/decision.js';
import type { PolicyServerObserver } from '../../protocols/postfix-policy/index.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from '../insight/daemon-counts.js';
import { describeError } from '../process/describe-error.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** As decisions call it. */
const reason: Reason = 'overload';

/**
 * Logs and counts what happens on connections of the policy protocol beside decisions, and never
 * floods the log.
 */
export function observePolicy(
  logger: Logger,
  clock: Clock,
  { policy: counts, impairments }: Pick<DaemonCounts, 'policy' | 'impairments'>,
): PolicyServerObserver {
  const warning = (message: string): RepeatedWarning => new RepeatedWarning(message, logger, clock);
  const refusal = warning(
    'far more policy connections than limits.connections: closed, and Postfix defers their mail',
  );
  const broken = warning('policy connection ended by an error');
  const malformed = new RepeatedWarning(
    'policy request cannot be read: it passes',
    logger,
    clock,
    'error',
  );
  let passed = 0;
  return {
    connected: () => {
      counts.connections++;
    },
    overloaded: (connections) => {
      counts.overloaded++;
      impairments.policyOverload.meet({ reason, connections, passed });
    },
    unfiltered: () => {
      passed++;
    },
    refused: (connections) => {
      counts.refused++;
      refusal.warn({ connections });
    },
    malformed: (error) => {
      counts.errors.add(error.code);
      malformed.warn(describeError(error));
    },
    disconnected: (error) => {
      if (error === undefined) return;
      counts.errors.add(error.code);
      broken.warn(describeError(error));
    },
  };
}
