import { parseGeneralPlaceholder, renderGeneral } from './general-placeholder.js';
/** A general value is given what room there is, within these. */
const SHORTEST_VALUE = 24;
const LONGEST_VALUE = 1024;
/**
 * Reads a text in which `{name}` stands for a value, and `{{` and `}}` for a brace. It is refused if
 * it may become too long.
 */
export function parseTextTemplate(text, { longest, maxBytes, holder, allows = 'line' }) {
    const refused = allows === 'line' ? checkLine(text) : undefined;
    if (refused !== undefined)
        return refused;
    const parts = split(text, longest);
    if ('problem' in parts)
        return parts;
    if (allows === 'line' && text.trim() === '') {
        return { problem: 'is empty', hint: 'leave it out for the usual words' };
    }
    let length = 0;
    let general = 0;
    for (const literal of parts.literals)
        length += literal.length;
    for (const placeholder of parts.placeholders) {
        if (typeof placeholder === 'string')
            length += longest[placeholder];
        else
            general += 1;
    }
    const room = general === 0 ? 0 : Math.floor((maxBytes - length) / general);
    if (length > maxBytes || (general > 0 && room < SHORTEST_VALUE)) {
        const problem = `may become ${length + general * SHORTEST_VALUE} bytes long`;
        return { problem, hint: `${holder} holds ${maxBytes}: shorten it` };
    }
    return { ok: { text, ...parts, valueLength: Math.min(room, LONGEST_VALUE) } };
}
function checkLine(text) {
    if (/[\r\n]/.test(text))
        return { problem: 'has more than one line', hint: 'write it on one' };
    if (/^[\x20-\x7e]*$/.test(text))
        return undefined;
    return { problem: 'has a character that is not printable US-ASCII', hint: 'MTAs garble it' };
}
/**
 * The text with its values.
 *
 * @param context what general placeholders show; they are empty without it
 * @param clean takes out of a general value what the text cannot have
 */
export function fillTemplate(template, render, context, clean = printable) {
    const { literals, placeholders, valueLength } = template;
    let text = '';
    for (const [index, literal] of literals.entries()) {
        const placeholder = placeholders[index];
        text += literal;
        if (placeholder === undefined)
            continue;
        if (typeof placeholder === 'string')
            text += render(placeholder);
        else if (context !== undefined) {
            text += clean(renderGeneral(placeholder, context), valueLength);
        }
    }
    return text;
}
/** Printable US-ASCII, each other character a `?`, and never too long; `unknown` if there is none. */
export function visible(value, maxLength) {
    return value === undefined || value === '' ? 'unknown' : printable(value, maxLength);
}
function printable(value, maxLength) {
    return shorten(value, maxLength).replace(/[^\x20-\x7e]/gu, '?');
}
/** What no line can have in it: controls, line ends of any kind, and halves of characters. */
function onOneLine(value, maxLength) {
    return shorten(value, maxLength).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
}
function shorten(value, maxLength) {
    return value.length > maxLength ? `${value.slice(0, maxLength - 3)}...` : value;
}
function split(text, longest) {
    const literals = [];
    const placeholders = [];
    let literal = '';
    let at = 0;
    while (at < text.length) {
        const char = text.charAt(at);
        const end = text.indexOf('}', at);
        if ((char === '{' || char === '}') && text.charAt(at + 1) === char) {
            literal += char;
            at += 2;
        }
        else if (char !== '{') {
            literal += char;
            at += 1;
        }
        else if (end < 0) {
            return { problem: 'has a { without a }', hint: 'write {{ for a brace that is only a brace' };
        }
        else {
            const parsed = parsePlaceholder(text.slice(at + 1, end), longest);
            if ('problem' in parsed)
                return parsed;
            literals.push(literal);
            placeholders.push(parsed.ok);
            literal = '';
            at = end + 1;
        }
    }
    return { literals: [...literals, literal], placeholders };
}
function parsePlaceholder(name, longest) {
    const isOwn = (text) => Object.hasOwn(longest, text);
    if (isOwn(name))
        return { ok: name };
    const general = parseGeneralPlaceholder(name);
    if (general !== undefined)
        return general;
    const own = Object.keys(longest).map((key) => `{${key}}`);
    const known = [...own, 'and those of any text, such as {sender} or {helo}'].join(', ');
    const hint = own.length === 0 ? 'there are {sender}, {helo} and others' : `there are ${known}`;
    return { problem: `has an unknown placeholder {${name}}`, hint };
}
/** Such a text may become as long as this; far below what any of those who take it would cut. */
const MAX_PLAIN_BYTES = 32 * 1024;
/** Reads a text of any characters, of several lines too, that has general placeholders alone. */
export function parsePlainTemplate(text) {
    return parseTextTemplate(text, {
        longest: {},
        maxBytes: MAX_PLAIN_BYTES,
        holder: 'a text',
        allows: 'text',
    });
}
/** The text with its values, in which no value begins another line. */
export function renderPlainTemplate(template, context) {
    return fillTemplate(template, () => '', context, onOneLine);
}
/** RFC 5322 section 2.1.1 allows lines of 998; the longest name with colon and space takes 66. */
const MAX_LINE_BYTES = 998 - 66;
/** Reads a line of printable US-ASCII that has general placeholders alone. */
export function parseLineTemplate(text) {
    const spec = { longest: {}, maxBytes: MAX_LINE_BYTES, holder: 'a line of a header' };
    return parseTextTemplate(text, spec);
}
/** The line with its values: printable US-ASCII. */
export function renderLineTemplate(template, context) {
    return fillTemplate(template, () => '', context);
}
//# sourceMappingURL=text-template.js.map