/** A moment in a time zone as `strftime` writes it; conversions that it does not have stay. */
export declare function formatTime(format: string, now: number, timeZone: string): string;
/** How far a zone is ahead of UTC at a moment: `+0100`. */
export declare function utcOffset(now: number, timeZone: string): string;
