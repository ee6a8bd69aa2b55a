/** `HH:MM:SS`, rounded down, with as many digits of hours as are needed. */
export declare function formatClock(ms: number): string;
