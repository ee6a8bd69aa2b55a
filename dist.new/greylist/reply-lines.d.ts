/**
 * 450 bytes on one line are what every MTA passes on; the rest of those is the longest code before
 * the text, `451 4.999.999 `.
 */
export declare const MAX_REPLY_LINE: number;
/** MTAs take 32 lines. Broken at blanks, two lines in a row hold more than one could. */
export declare const MAX_REPLY_BYTES: number;
/** A reply's text in lines, broken at blanks where there are some. */
export declare function replyLines(text: string): readonly string[];
