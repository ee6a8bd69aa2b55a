import { positionsOutsideQuotes, quoteLocalPart, unquoteLocalPart } from './local-part.js';
import { canonicalMailDomain } from './mail-domain.js';
/** The null sender `<>` (RFC 5321 section 4.5.5). */
export const NULL_SENDER = { text: '', localPart: '', domain: '' };
/**
 * Reads the first string of MAIL or RCPT as the MTA passes it on, or what an administrator typed.
 * Brackets may be missing (Postfix's local submission, which also has the empty string for `<>`);
 * arguments may stick behind the `>` (Sendmail before 8.18 with SMTPUTF8). Never throws: whatever
 * the MTA let through has an address, and only the null sender has an empty one.
 */
export function parseEnvelopeAddress(raw) {
    return parsePlain(raw) ?? parseAnyPath(raw);
}
/** Character classes of {@link parsePlain}; what has none needs the long way. */
const ORDINARY = 1;
const UPPER_CASE = 2;
const AT_SIGN = 3;
const PLAIN_CLASSES = new Uint8Array(128)
    .fill(ORDINARY, 0x61, 0x7b)
    .fill(ORDINARY, 0x30, 0x3a)
    .fill(UPPER_CASE, 0x41, 0x5b);
for (const character of "!#$%&'*+-./=?^_`{|}~") {
    PLAIN_CLASSES[character.charCodeAt(0)] = ORDINARY;
}
PLAIN_CLASSES[0x40] = AT_SIGN;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const DOT = 0x2e;
/**
 * Nearly all addresses: `local@domain` in plain ASCII, with or without brackets, in one pass.
 * Undefined for all others.
 */
function parsePlain(raw) {
    const isBracketed = raw.charCodeAt(0) === LESS_THAN;
    const start = isBracketed ? 1 : 0;
    const end = isBracketed ? raw.length - 1 : raw.length;
    if (isBracketed && raw.charCodeAt(end) !== GREATER_THAN)
        return undefined;
    let atSignAt = -1;
    let hasUpperCaseDomain = false;
    for (let i = start; i < end; i++) {
        const kind = PLAIN_CLASSES[raw.charCodeAt(i)];
        if (kind === ORDINARY)
            continue;
        if (kind === UPPER_CASE)
            hasUpperCaseDomain = atSignAt !== -1;
        else if (kind === AT_SIGN && atSignAt === -1)
            atSignAt = i;
        else
            return undefined;
    }
    // Without `@`, with nothing before it, or with a final dot: rare enough.
    if (atSignAt <= start || raw.charCodeAt(end - 1) === DOT)
        return undefined;
    const domain = raw.slice(atSignAt + 1, end);
    return {
        text: isBracketed ? raw.slice(1, end) : raw,
        localPart: raw.slice(start, atSignAt),
        domain: hasUpperCaseDomain ? domain.toLowerCase() : domain,
    };
}
function parseAnyPath(raw) {
    const text = trimBlanks(withoutBrackets(trimBlanks(raw)));
    if (text === '')
        return NULL_SENDER;
    const mailbox = withoutSourceRoute(text.normalize('NFC'));
    const atSignAt = positionsOutsideQuotes(mailbox, '@').at(-1) ?? mailbox.length;
    const domain = canonicalMailDomain(mailbox.slice(atSignAt + 1));
    if (atSignAt > 0) {
        // Quotes can keep a letter and its accent apart, so there may be something to compose again.
        const meant = unquoteLocalPart(mailbox.slice(0, atSignAt)).normalize('NFC');
        return { text, localPart: quoteLocalPart(meant), domain };
    }
    // `@` alone and its like: all of it is taken as a name, lest it be taken for the null sender.
    return { text, localPart: domain === '' ? quoteLocalPart(mailbox) : '', domain };
}
function withoutBrackets(path) {
    if (!path.startsWith('<'))
        return path;
    return path.slice(1, positionsOutsideQuotes(path, '>')[0]);
}
/** `@a,@b:user@domain` is `user@domain` (RFC 5321 appendix C); a route to nothing is none. */
export function withoutSourceRoute(path) {
    let start = 0;
    while (path.charAt(start) === '@') {
        const next = endOfSourceRoute(path, start);
        if (next === path.length)
            break;
        start = next;
    }
    return path.slice(start);
}
/** Behind the first colon that is not part of an address literal; the end if there is none. */
function endOfSourceRoute(path, start) {
    let isLiteral = false;
    let end = start;
    for (; end < path.length; end++) {
        const character = path.charAt(end);
        if (character === '[')
            isLiteral = true;
        else if (character === ']')
            isLiteral = false;
        else if (character === ':' && !isLiteral)
            break;
    }
    do
        end += 1;
    while (isBlank(path, end));
    return Math.min(end, path.length);
}
/** Blanks and tabs only: other white space is part of a UTF-8 address. */
function trimBlanks(text) {
    let start = 0;
    let end = text.length;
    while (isBlank(text, start))
        start += 1;
    while (end > start && isBlank(text, end - 1))
        end -= 1;
    return text.slice(start, end);
}
function isBlank(text, index) {
    const character = text.charAt(index);
    return character === ' ' || character === '\t';
}
//# sourceMappingURL=envelope-address.js.map