import type { Reason } from '../../greylist/decision.js';
import type { MilterServerObserver } from '../../protocols/milter/index.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from '../insight/daemon-counts.js';
import { describeError } from '../process/describe-error.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** As decisions call it. */
const reason: Reason = 'overload';

/**
 * Logs and counts what happens on milter connections beside decisions, without letting a peer flood
 * the log.
 */
export function observeMilter(
  logger: Logger,
  clock: Clock,
  { milter: counts, impairments }: Pick<DaemonCounts, 'milter' | 'impairments'>,
): MilterServerObserver {
  const broken = new RepeatedWarning('milter connection ended by an error', logger, clock);
  const refusal = new RepeatedWarning(
    'far more connections than limits.connections: closed, as if the filter were down',
    logger,
    clock,
  );
  return {
    connected: () => {
      counts.connections++;
    },
    negotiated: ({ version }) => counts.versions.add(String(version)),
    // No decision: nothing is known of what passes so, not even whether it is mail.
    overloaded: (connections) => {
      const passed = ++counts.overloaded;
      impairments.milterOverload.meet({ reason, connections, passed });
    },
    refused: (connections) => {
      counts.refused++;
      refusal.warn({ connections });
    },
    incident: (kind, command) => {
      counts.incidents.add(kind);
      logger.debug('odd milter packet', { kind, command });
    },
    disconnected: (error) => {
      if (error === undefined) return;
      counts.errors.add(error.code);
      broken.warn(describeError(error));
    },
    // The filter itself logs what kept it from an answer.
    handlerFailed: (event, error) => {
      if (event !== 'abort' && event !== 'close') return;
      logger.error('bug: a session could not be ended', { event, ...describeError(error) });
    },
  };
}
