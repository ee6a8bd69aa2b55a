/**
 * The character that `[.hyphen.]` or `[=a=]` names, by the portable character set of POSIX (XBD 6.1);
 * any single character names itself. Undefined if there is no such name.
 */
export declare function collatingCharacter(name: string): number | undefined;
