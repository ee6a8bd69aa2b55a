/**
 * 450 bytes on one line are what every MTA passes on; the rest of those is the longest code before
 * the text, `451 4.999.999 `.
 */
export const MAX_REPLY_LINE = 450 - 14;
/** MTAs take 32 lines. Broken at blanks, two lines in a row hold more than one could. */
export const MAX_REPLY_BYTES = 15 * MAX_REPLY_LINE;
/** A reply's text in lines, broken at blanks where there are some. */
export function replyLines(text) {
    const lines = [];
    let rest = text;
    while (rest.length > MAX_REPLY_LINE) {
        const blank = rest.lastIndexOf(' ', MAX_REPLY_LINE);
        const end = blank > 0 ? blank : MAX_REPLY_LINE;
        lines.push(rest.slice(0, end));
        rest = rest.slice(end).trimStart();
    }
    return [...lines, rest];
}
//# sourceMappingURL=reply-lines.js.map