import { PLACEHOLDER } from './placeholder.js';
/** Words that addresses for bounces have in them, and the same in a label of their domains. */
const BOUNCE_WORD = /(?:^|[^0-9a-z])(?:bounces?|bnc|returns?|verp|errors|sentto)(?![0-9a-z])/i;
const BOUNCE_DOMAIN = /(?:^|[.-])(?:bounces?|bnc|returns?|verp)\d*(?:[.-]|$)/i;
/** Counters have more digits than years, house numbers and branches of a firm. */
const COUNTER_DIGITS = 6;
/**
 * A local part with a placeholder for each number, hexadecimal or random looking part that a program
 * has put in: `bounce-1234-0a1b2c3d` is `bounce-#-#`. Short ones count only where there is other
 * evidence: a long one, a word such as `bounce`, or such a domain. A mailbox of digits alone is
 * somebody's number.
 */
export function withoutTokens(localPart, domain) {
    const { tokens, isSure, isNumber } = findTokens(localPart);
    const [first] = tokens;
    if (first === undefined)
        return localPart;
    // Where every address is made by a program, so is what stands behind: base64 with dashes in it.
    if (BOUNCE_DOMAIN.test(domain))
        return localPart.slice(0, first.start) + PLACEHOLDER;
    if (isNumber || !(isSure || BOUNCE_WORD.test(localPart)))
        return localPart;
    let result = '';
    let end = 0;
    for (const token of tokens) {
        result += localPart.slice(end, token.start) + PLACEHOLDER;
        end = token.end;
    }
    return result + localPart.slice(end);
}
/** Eight hexadecimal digits, and what makes them a UUID. */
const UUID = /^.{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z\u0080-\uffff])/i;
const UUID_LENGTH = 36;
function findTokens(localPart) {
    const tokens = [];
    let isSure = false;
    let isNumber = true;
    for (let i = 0; i < localPart.length; i++) {
        const piece = pieceAt(localPart, i);
        if (piece === undefined)
            continue;
        const { start, digits } = piece;
        const isUuid = isUuidAt(localPart, piece);
        const end = isUuid ? start + UUID_LENGTH : piece.end;
        const evidence = isUuid ? 'anywhere' : evidenceOf(localPart, piece);
        if (evidence !== 'none')
            tokens.push({ start, end });
        if (evidence === 'anywhere')
            isSure = true;
        if (isUuid || digits < end - start)
            isNumber = false;
        i = end;
    }
    return { tokens, isSure, isNumber };
}
function isUuidAt(localPart, { start, end, isHexadecimal }) {
    return isHexadecimal && end - start === 8 && UUID.test(localPart.slice(start, start + 37));
}
/** Twenty letters, each for four bits. */
const EZMLM_COOKIE = /^[a-p]{20}$/i;
function evidenceOf(localPart, piece) {
    const { start, end, digits, changes, isHexadecimal, isAscii } = piece;
    const length = end - start;
    if (!isAscii)
        return 'none';
    if (digits === length)
        return digits >= COUNTER_DIGITS ? 'anywhere' : 'in-bounces';
    if (digits === 0) {
        const text = localPart.slice(start, end);
        return text === PLACEHOLDER || EZMLM_COOKIE.test(text) ? 'anywhere' : 'none';
    }
    if (isHexadecimal && length >= 16 && digits >= 2)
        return 'anywhere';
    if (length >= 16 && changes >= 4)
        return 'anywhere';
    if (isHexadecimal && length >= 6)
        return 'in-bounces';
    return length >= 8 && (changes >= 2 || digits >= 5) ? 'in-bounces' : 'none';
}
const SEPARATOR = 0;
const DIGIT = 1;
const HEXADECIMAL = 2;
const LETTER = 3;
const KINDS = new Uint8Array(128)
    .fill(DIGIT, 0x30, 0x3a)
    .fill(HEXADECIMAL, 0x41, 0x47)
    .fill(LETTER, 0x47, 0x5b)
    .fill(HEXADECIMAL, 0x61, 0x67)
    .fill(LETTER, 0x67, 0x7b);
/** The piece that starts here; undefined at a separator. A placeholder between separators is one. */
function pieceAt(localPart, start) {
    let digits = 0;
    let changes = 0;
    let isHexadecimal = true;
    let isAscii = true;
    let before = SEPARATOR;
    let end = start;
    for (; end < localPart.length; end++) {
        const kind = KINDS[localPart.charCodeAt(end)] ?? LETTER;
        if (kind === SEPARATOR)
            break;
        if (kind === DIGIT)
            digits += 1;
        else if (kind === LETTER) {
            isHexadecimal = false;
            if (localPart.charCodeAt(end) > 0x7f)
                isAscii = false;
        }
        if (end > start && (kind === DIGIT) !== (before === DIGIT))
            changes += 1;
        before = kind;
    }
    if (end > start)
        return { start, end, digits, changes, isHexadecimal, isAscii };
    if (!isPlaceholderAt(localPart, start))
        return undefined;
    return { start, end: start + 1, digits: 0, changes: 0, isHexadecimal: false, isAscii: true };
}
/** `#` between letters is none: it stands for an at sign there. */
function isPlaceholderAt(localPart, index) {
    return (localPart.charAt(index) === PLACEHOLDER &&
        isSeparator(localPart, index - 1) &&
        isSeparator(localPart, index + 1));
}
/** The ends count as such. */
function isSeparator(localPart, index) {
    const code = localPart.charCodeAt(index);
    return Number.isNaN(code) || KINDS[code] === SEPARATOR;
}
//# sourceMappingURL=sender-tokens.js.map