import type { Reason } from '../greylist/decision.js';
import type { PolicyServerObserver } from '../protocols/postfix-policy/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { describeError } from './describe-error.js';
import { RepeatedWarning } from './repeated-warning.js';

/** As decisions call it. */
const reason: Reason = 'overload';

/** Logs what happens on connections of the policy protocol beside decisions, and never floods the log. */
export function observePolicy(logger: Logger, clock: Clock): PolicyServerObserver {
  const warning = (message: string): RepeatedWarning => new RepeatedWarning(message, logger, clock);
  const overload = warning(
    'more policy connections than limits.connections: their mail passes without greylisting',
  );
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
    overloaded: (connections) => overload.warn({ reason, connections, passed }),
    unfiltered: () => {
      passed++;
    },
    refused: (connections) => refusal.warn({ connections }),
    malformed: (error) => malformed.warn(describeError(error)),
    disconnected: (error) => {
      if (error !== undefined) broken.warn(describeError(error));
    },
  };
}
