/**
 * A local part with a placeholder for each number, hexadecimal or random looking part that a program
 * has put in: `bounce-1234-0a1b2c3d` is `bounce-#-#`. Short ones count only where there is other
 * evidence: a long one, a word such as `bounce`, or such a domain. A mailbox of digits alone is
 * somebody's number.
 */
export declare function withoutTokens(localPart: string, domain: string): string;
