import type { Config } from '../../config/schema.js';
import { defaultLimits as usualOfMilter, type MilterLimits } from '../../protocols/milter/index.js';
import {
  defaultLimits as usualOfPolicy,
  type PolicyLimits,
} from '../../protocols/postfix-policy/index.js';
import type { Logger } from '../../telemetry/logger.js';
import {
  descriptorRoom,
  fitInto,
  readDescriptorLimit,
  type ConnectionLimits,
} from './descriptor-room.js';

/** What a configuration wants for each protocol. */
function wantedBy({ limits }: Config): Readonly<Record<'milter' | 'policy', ConnectionLimits>> {
  const { connections } = limits;
  return {
    milter: { connections, bystanders: usualOfMilter.bystanders },
    // Each smtpd keeps one for each check, mostly idle, where milters have one for an SMTP session.
    policy: { connections: 4 * connections, bystanders: usualOfPolicy.bystanders },
  };
}

/** Two protocols have half of the descriptors each. */
function shareOf({ listen }: Config, descriptors: number): number {
  const room = descriptorRoom(descriptors);
  const areBoth = listen.milter.length > 0 && listen.policy.length > 0;
  return areBoth ? Math.floor(room / 2) : room;
}

/** What a configuration, and the system, allow the MTAs of the milter protocol. */
export function milterLimits(
  config: Config,
  descriptors = readDescriptorLimit(),
): Partial<MilterLimits> {
  const { limits } = config;
  return {
    ...fitInto(shareOf(config, descriptors), wantedBy(config).milter),
    packetBytes: limits.packet,
    macros: limits.macros,
    idleMs: limits.idle,
    answerMs: limits.answer,
  };
}

/** The same for the policy protocol. */
export function policyLimits(
  config: Config,
  descriptors = readDescriptorLimit(),
): Partial<PolicyLimits> {
  const { limits } = config;
  return {
    ...fitInto(shareOf(config, descriptors), wantedBy(config).policy),
    idleMs: limits.idle,
    answerMs: limits.answer,
  };
}

/** Says that fewer sessions than configured will be filtered at a time. */
export function warnOfFewDescriptors(
  config: Config,
  logger: Pick<Logger, 'warn'>,
  descriptors = readDescriptorLimit(),
): void {
  const { milter, policy } = wantedBy(config);
  const isMilter = config.listen.milter.length > 0;
  const wanted = isMilter ? milter : policy;
  const { connections } = fitInto(shareOf(config, descriptors), wanted);
  if (connections >= wanted.connections) return;
  logger.warn(
    'too few file descriptors for limits.connections: raise LimitNOFILE in the unit, or ulimit -n',
    { descriptors, wanted: wanted.connections, connections },
  );
}
