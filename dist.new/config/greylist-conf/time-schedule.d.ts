/** What is wrong with the schedule of a `time` clause, and whether it is refused for that. */
export interface ScheduleFault {
    readonly isFatal: boolean;
    readonly problem: string;
    readonly hint: string;
}
/** Looks at a schedule such as `0-30 8-16/2 1,15 * 1-5`; undefined if all is well. */
export declare function checkSchedule(text: string): ScheduleFault | undefined;
