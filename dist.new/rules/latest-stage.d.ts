import type { Stage } from '../greylist/attempt.js';
/** The last of some stages; the first one that there is if there are none. */
export declare function latestStage(stages: readonly Stage[]): Stage;
