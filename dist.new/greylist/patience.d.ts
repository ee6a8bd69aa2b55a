import type { PutOffSeries } from './correspondence.js';
/** When a pair that comes back again and again passes from wherever it comes. */
export interface Patience {
    /** How many returns, each at least a delay after the last, ... */
    readonly tries: number;
    /** ... over at least how long since the first attempt. */
    readonly overMs: number;
}
/** The settings that a series of attempts goes by. */
export interface SeriesTimings {
    readonly delayMs: number;
    readonly retryWindowMs: number;
}
/**
 * The series with an attempt that is to be put off now. The first such attempt starts it, and so
 * does one that comes a whole retry window after the last return: what comes back so seldom is not
 * the same mail. Instants in the future, from a clock that has stepped back, count as now.
 */
export declare function continueSeries(series: PutOffSeries | undefined, { delayMs, retryWindowMs }: SeriesTimings, now: number): PutOffSeries;
/** Whether the pair has come back often enough, over long enough, to pass from wherever it comes. */
export declare function isPatient(series: PutOffSeries, patience: Patience | undefined, now: number): boolean;
