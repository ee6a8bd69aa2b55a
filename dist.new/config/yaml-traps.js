/** The value that starts here, as far as it can be told when YAML has taken it for something else. */
function valueAt(text, offset) {
    const line = text.slice(offset, offset + 200).split(/[\r\n]/, 1)[0] ?? '';
    return line.replace(/\s+#.*$/, '').trimEnd();
}
function quoted(value) {
    return `'${value.replaceAll("'", "''")}'`;
}
/** What stands after the first `key: ` of the line, or after the dash of a list's item. */
function lineValue(text, offset) {
    const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
    const line = valueAt(text, start);
    return /^\s*(?:- +)*(?:[\w.-]+:\s+)?(.*)$/.exec(line)?.[1] ?? '';
}
/**
 * A value that YAML has taken apart: a pattern, an address, or a text with a placeholder in front.
 * Undefined if the line has nothing of the kind.
 */
function quoteHint(text, offset) {
    const value = lineValue(text, offset);
    if (/^\[.*[/@*{#[]/.test(value)) {
        return "put each value with / @ * # { or [ in it in single quotes, as in ['/^a{2}/', '@example.org']";
    }
    if (/^\{.*[:,[]\s*[/@*%&!`]/.test(value)) {
        return "put each value with / @ * # { or [ in it in single quotes, as in {client: '/^a{2}/'}";
    }
    if (/^(?:\[.*\]|\{.*\})$/.test(value))
        return undefined;
    if (/^[/{[*@&%`|>!]|: | #|:$/.test(value) && !/^['"]/.test(value)) {
        return `put the value in single quotes: ${quoted(value)}`;
    }
    return undefined;
}
/** An alias that nothing stands for: as a rule it is a pattern or an address with an asterisk. */
export function unresolvedAlias(name) {
    return {
        problem: `has an alias *${name} that is not defined before it`,
        hint: `if it is a value, put it in single quotes: ${quoted(`*${name}`)}`,
        isLocal: true,
    };
}
/** A name for what stands behind it, where nothing does: it was meant as the value. */
export function loneAnchor(name) {
    return {
        problem: `has an anchor &${name} and no value`,
        hint: `if it is the value, put it in single quotes: ${quoted(`&${name}`)}`,
        isLocal: true,
    };
}
/**
 * Puts an error of the YAML library into words, with what most likely led to it.
 *
 * @param offset where in the text it was noticed
 */
export function describeSyntaxError(code, message, text, offset) {
    switch (code) {
        case 'BAD_SCALAR_START': {
            const value = valueAt(text, offset);
            const item = /^[^\s,\]}]*/.exec(value)?.[0] ?? '';
            return {
                problem: `a value must not start with ${value.slice(0, 1)}`,
                hint: `put it in single quotes: ${quoted(/[[{]/.test(lineValue(text, offset).charAt(0)) ? item : value)}`,
                isLocal: true,
            };
        }
        case 'TAB_AS_INDENT':
            return { problem: 'the line is indented by a tab', hint: 'use spaces', isLocal: false };
        case 'BLOCK_AS_IMPLICIT_KEY':
        case 'MULTILINE_IMPLICIT_KEY':
            return blockKey(text, offset);
        case 'MULTIPLE_DOCS':
            return { problem: 'a second document starts here', hint: 'remove the ---', isLocal: false };
        case 'RESOURCE_EXHAUSTION':
            return { problem: 'this is nested too deeply', hint: undefined, isLocal: false };
        case 'BAD_DQ_ESCAPE':
            return {
                problem: 'a backslash in double quotes starts an escape that there is not',
                hint: 'use single quotes, in which a backslash is only a backslash',
                isLocal: true,
            };
        case 'NON_STRING_KEY':
            return {
                problem: 'a key must be plain text',
                hint: quoteHint(text, offset),
                isLocal: false,
            };
        default:
            return otherError(message, text, offset);
    }
}
/** The rest, told apart by the library's wording; what has no case here keeps that wording. */
function otherError(message, text, offset) {
    const hint = quoteHint(text, offset);
    if (/closing .quote/.test(message)) {
        return { problem: 'a quote is not closed', hint: 'end it on the same line', isLocal: false };
    }
    if (/need to be followed by map values/.test(message)) {
        const problem = 'this is not a key with a value';
        return { problem, hint: hint ?? 'write a colon and a space after the key', isLocal: false };
    }
    const close = /must (?:be sufficiently indented and )?end with a (.)/.exec(message)?.[1];
    if (close !== undefined) {
        const problem = `a ${close === ']' ? '[' : '{'} before this is not closed`;
        return { problem, hint: `close it with ${close}`, isLocal: false };
    }
    const bracket = /^Unexpected flow-(seq|map)-start at node end/i.exec(message)?.[1];
    if (bracket !== undefined && hint !== undefined) {
        return {
            problem: `a value has a ${bracket === 'seq' ? '[' : '{'} in it`,
            hint,
            isLocal: false,
        };
    }
    const wording = `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
    return { problem: `this is not YAML (${wording})`, hint, isLocal: false };
}
/** Two keys in one: either a value with `: ` in it, or a line that is indented too far. */
function blockKey(text, offset) {
    const value = valueAt(text, offset);
    if (/:(?:\s|$)/.test(value)) {
        const hint = `put the value in single quotes: ${quoted(value)}`;
        return { problem: 'a value has a second colon and space', hint, isLocal: false };
    }
    const hint = 'indent the keys of one section alike';
    return { problem: 'the next line is indented deeper than this one', hint, isLocal: false };
}
//# sourceMappingURL=yaml-traps.js.map