import type { Stage } from '../greylist/attempt.js';

const LATER_STAGES = ['eom', 'data', 'rcpt', 'mail', 'helo'] as const satisfies readonly Stage[];

/** The last of some stages; the first one that there is if there are none. */
export function latestStage(stages: readonly Stage[]): Stage {
  return LATER_STAGES.find((stage) => stages.includes(stage)) ?? 'connect';
}
