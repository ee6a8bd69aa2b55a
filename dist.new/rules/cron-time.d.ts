import type { Parsed } from '../config/parsed.js';
import type { LocalTime } from './time-window.js';
/** Minutes, hours, days and months by their numbers, as `crontab` has them. */
export interface CronTime {
    /** As it was written. */
    readonly text: string;
    /** For each field the numbers that match. */
    readonly fields: readonly ReadonlySet<number>[];
}
/**
 * Reads five fields: `*`, numbers, ranges, steps of them, and lists of all that. Unlike in `crontab`
 * every one of them must match.
 */
export declare function parseCronTime(text: string): Parsed<CronTime>;
/** Whether a moment is one of those. */
export declare function isAtCronTime({ fields }: CronTime, time: LocalTime): boolean;
