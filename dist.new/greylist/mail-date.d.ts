/** RFC 5322 section 3.3, in UTC: a mail header names its own zone. */
export declare function formatMailDate(now: number): string;
