/** Words behind which a colon may stand; in the language of milter-greylist it is a part of them. */
export declare const COLON_WORDS: ReadonlySet<string>;
/** Words that have a meaning and cannot stand for a domain. */
export declare const RESERVED_WORDS: ReadonlySet<string>;
