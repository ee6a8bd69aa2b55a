import type { Reason } from '../greylist/decision.js';
import type { MilterServerObserver } from '../protocols/milter/index.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { describeError } from './describe-error.js';
import { RepeatedWarning } from './repeated-warning.js';

/** As decisions call it. */
const reason: Reason = 'overload';

/** Logs what happens on milter connections beside decisions, without letting a peer flood the log. */
export function observeMilter(logger: Logger, clock: Clock): MilterServerObserver {
  const broken = new RepeatedWarning('milter connection ended by an error', logger, clock);
  const overload = new RepeatedWarning(
    'more connections than limits.connections: sessions pass without greylisting',
    logger,
    clock,
  );
  const refusal = new RepeatedWarning(
    'far more connections than limits.connections: closed, as if the filter were down',
    logger,
    clock,
  );
  let passed = 0;
  return {
    // No decision: nothing is known of what passes so, not even whether it is mail.
    overloaded: (connections) => overload.warn({ reason, connections, passed: ++passed }),
    refused: (connections) => refusal.warn({ connections }),
    incident: (kind, command) => logger.debug('odd milter packet', { kind, command }),
    disconnected: (error) => {
      if (error !== undefined) broken.warn(describeError(error));
    },
    // The filter itself logs what kept it from an answer.
    handlerFailed: (event, error) => {
      if (event !== 'abort' && event !== 'close') return;
      logger.error('bug: a session could not be ended', { event, ...describeError(error) });
    },
  };
}
