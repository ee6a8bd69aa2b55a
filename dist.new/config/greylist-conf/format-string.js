/** Values that a text of milter-greylist's can have in it, without an argument, by their letters. */
export const FORMAT_TOKENS = [
    ...['r', 'mr', 'sr', 'f', 'mf', 'sf', 'i', 'j', 'd', 'md', 'sd', 'h', 'S', 'A', 'a', 'cA', 'ca'],
    ...['Xc', 'Xe', 'Xm', 'Xh', 'E', 'Et', 'Eh', 'Em', 'Es', 'R', 'Rt', 'Rh', 'Rm', 'Rs', 'G', 'v'],
    ...['V', 't', 'D', 'C', 'Fx', 'Hs', 'pn', 'pv', 'pr', 'Qs', 'Qd', 'QA', 'QS'],
];
const tokens = new Set(FORMAT_TOKENS);
function isToken(letters) {
    return tokens.has(letters);
}
/** The longest that begins here is meant, as in `%Est`, which is `%Es` and a `t`. */
const MAX_TOKEN = 2;
/** Those with something in braces, which ends at the first closing one. */
const WITH_ARGUMENT = [
    [/I\{\/(\d{1,3})\}/y, (bits) => ({ kind: 'masked-client', bits: Number(bits) })],
    [/M\{([^{}]+)\}/y, (name) => ({ kind: 'macro', name })],
    [/M([A-Za-z])/y, (name) => ({ kind: 'macro', name })],
    [/T\{([^}]*)\}/y, (format) => ({ kind: 'time', format })],
    [/g\{\\(\d{1,3})\}/y, (number) => ({ kind: 'group', number: Number(number) })],
    [/P\{\$?([\w-]+)\}/y, (name) => ({ kind: 'property', name })],
];
/**
 * Reads a text with `%`-values. `%%` is a percent sign, also before a letter, and so is one at the end
 * (milter-greylist takes `%%r` for `%r` and loses the last one); what is no value stays as it is.
 */
export function parseFormat(text) {
    return { text, parts: partsOf(text) };
}
/** The same for a text in which backslashes are escapes as in C. */
export function parseEscapedFormat(text) {
    return { text, parts: partsOf(resolveEscapes(text)) };
}
function partsOf(text) {
    const parts = [];
    let literal = '';
    let at = 0;
    while (at < text.length) {
        const found = text.charAt(at) === '%' ? valueAt(text, at + 1) : undefined;
        if (found === undefined) {
            literal += text.charAt(at);
            // A percent sign that is written twice is one, and begins nothing.
            at += text.startsWith('%%', at) ? 2 : 1;
            continue;
        }
        if (literal !== '')
            parts.push({ kind: 'literal', text: literal });
        literal = '';
        parts.push(found.part);
        at = found.end;
    }
    if (literal !== '')
        parts.push({ kind: 'literal', text: literal });
    return parts;
}
function valueAt(text, at) {
    for (const [form, read] of WITH_ARGUMENT) {
        form.lastIndex = at;
        const argument = form.exec(text)?.[1];
        if (argument !== undefined)
            return { part: read(argument), end: form.lastIndex };
    }
    for (let length = MAX_TOKEN; length > 0; length--) {
        const token = text.slice(at, at + length);
        if (isToken(token))
            return { part: { kind: 'value', token }, end: at + length };
    }
    return undefined;
}
const ESCAPES = new Map([
    ['a', '\x07'],
    ['b', '\b'],
    ['f', '\f'],
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
    ['v', '\v'],
]);
/**
 * Resolves escapes as milter-greylist documents them: letters, two octal digits behind `\0`, two
 * hexadecimal ones behind `\x`. Any other loses its backslash.
 */
function resolveEscapes(text) {
    return text.replace(/\\(?:0([0-7]{1,2})|x([0-9A-Fa-f]{1,2})|(.?))/gsu, (_, octal, hex, other) => {
        if (octal !== undefined)
            return String.fromCharCode(parseInt(octal, 8));
        if (hex !== undefined)
            return String.fromCharCode(parseInt(hex, 16));
        return ESCAPES.get(other ?? '') ?? other ?? '';
    });
}
//# sourceMappingURL=format-string.js.map