/** How much of a line is shown, and how much of that before the place in question. */
const SHOWN = 110;
const SHOWN_BEFORE = 70;
/** One character for each, so that columns stay; a file must not drive the terminal it is shown on. */
function printable(text) {
    return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?');
}
function excerpt(text, column) {
    const cut = Math.max(0, column - 1 - SHOWN_BEFORE);
    const visible = (cut > 0 ? '...' : text.slice(0, 3)) + text.slice(cut + 3, cut + SHOWN).trimEnd();
    const indent = visible.length - visible.trimStart().length;
    const caretAt = column - 1 - cut - indent;
    return `    ${printable(visible.slice(indent))}\n    ${' '.repeat(Math.max(caretAt, 0))}^`;
}
/**
 * Several lines for people: place, setting and problem, the line in question, and a caret with the
 * hint below it.
 */
export function formatIssue(issue) {
    const { file, line, column, path, text, problem, hint } = issue;
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    const head = [place, path, problem].filter((part) => part !== '').join(': ');
    const tail = hint === undefined ? '' : printable(hint);
    if (line === undefined)
        return printable(head) + (tail === '' ? '' : `\n    ${tail}`);
    const shown = text.trim() === '' ? '    ^' : excerpt(text, column ?? 1);
    return `${printable(head)}\n${shown} ${tail}`.trimEnd();
}
/** A configuration that cannot be used. The message is the whole report. */
export class ConfigError extends Error {
    code;
    /** In the order of the file, options behind it; empty if the file could not be read at all. */
    issues;
    constructor(code, message, options) {
        super(message, options);
        this.name = 'ConfigError';
        this.code = code;
        this.issues = options?.issues ?? [];
    }
}
/** The error for one or more issues. */
export function invalidConfig(issues) {
    return new ConfigError('CONFIG_INVALID', issues.map(formatIssue).join('\n'), { issues });
}
//# sourceMappingURL=config-error.js.map