const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/**
 * Characters that stand for themselves in a local part (RFC 5321 section 4.1.2 atext), and the dot.
 * A dot never needs quotes here: addresses such as `a..b@` are no valid dot-strings, but exist
 * (Japanese mobile carriers), and every MTA takes them for the same mailbox as `"a..b"@`.
 */
const PLAIN = new Set("!#$%&'*+-./=?^_`{|}~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
/**
 * The mailbox that a written local part means: quotes and backslashes that only protect are gone.
 * `"a\b"` and `ab` are the same mailbox (RFC 5321 section 4.1.2); quotes may stand anywhere, as in
 * the obsolete `a."b c"`. A quote that is never closed reaches to the end.
 */
export function unquoteLocalPart(written) {
    if (!written.includes('"') && !written.includes('\\'))
        return written;
    let meant = '';
    for (let i = 0; i < written.length; i++) {
        const code = written.charCodeAt(i);
        if (code === QUOTE)
            continue;
        if (code === BACKSLASH && i + 1 < written.length)
            i += 1;
        meant += written.charAt(i);
    }
    return meant;
}
/** The one canonical spelling of a mailbox: in quotes only if it cannot be written without. */
export function quoteLocalPart(meant) {
    for (const character of meant) {
        if (character < '\u0080' && !PLAIN.has(character))
            return quoted(meant);
    }
    return meant === '' ? '""' : meant;
}
function quoted(meant) {
    return `"${meant.replace(/["\\]/g, String.raw `\$&`)}"`;
}
/** Where a mark that structures a path stands outside quotes and not behind a backslash. */
export function positionsOutsideQuotes(text, mark) {
    const positions = [];
    let isQuoted = false;
    for (let i = 0; i < text.length; i++) {
        const character = text.charAt(i);
        if (character === '\\')
            i += 1;
        else if (character === '"')
            isQuoted = !isQuoted;
        else if (character === mark && !isQuoted)
            positions.push(i);
    }
    return positions;
}
//# sourceMappingURL=local-part.js.map