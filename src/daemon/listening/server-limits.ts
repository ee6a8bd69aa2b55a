import type { Config } from '../../config/schema.js';
import type { MilterLimits } from '../../protocols/milter/index.js';
import type { PolicyLimits } from '../../protocols/postfix-policy/index.js';

/** What a configuration allows the MTAs of the milter protocol. */
export function milterLimits({ limits }: Config): Partial<MilterLimits> {
  return {
    connections: limits.connections,
    packetBytes: limits.packet,
    macros: limits.macros,
    idleMs: limits.idle,
    answerMs: limits.answer,
  };
}

/** The same for the policy protocol. */
export function policyLimits({ limits }: Config): Partial<PolicyLimits> {
  return {
    // Each smtpd keeps one for each check, mostly idle, where milters have one for an SMTP session.
    connections: 4 * limits.connections,
    idleMs: limits.idle,
    answerMs: limits.answer,
  };
}
