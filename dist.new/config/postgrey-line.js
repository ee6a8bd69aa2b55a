import { looksLikePattern, parsePattern } from '../rules/pattern.js';
import { linesOfFile } from './list-file.js';
/**
 * The entries of a list of Postgrey, one a line, without blanks and comments. A comment begins at any
 * `#`, except that one inside of a pattern belongs to the pattern.
 */
export function postgreyEntriesOf(text) {
    return linesOfFile(text, (line) => patternAt(line) ?? line.replace(/#.*/, '')).map((entry) => ({
        ...entry,
        isCut: entry.text.includes('#'),
    }));
}
/** The shortest pattern that a line begins with and nothing but a comment follows. */
function patternAt(line) {
    if (!looksLikePattern(line))
        return undefined;
    for (let end = line.indexOf('/', 1); end > 0; end = line.indexOf('/', end + 1)) {
        if (/\s/.test(line.slice(0, end)))
            return undefined;
        const flags = /^[a-z]*(?=\s*(?:#|$))/.exec(line.slice(end + 1))?.[0];
        if (flags !== undefined)
            return line.slice(0, end + 1 + flags.length);
    }
    return undefined;
}
/** What has no effect in Postgrey has none here, and is told of. */
export function noEffect(problem, hint) {
    const note = { problem: `has no effect, as in Postgrey: it ${problem}` };
    return { entries: [], notes: [hint === undefined ? note : { ...note, hint }] };
}
/** Reads a pattern; letter case never matters. */
export function parsePostgreyPattern({ text, isCut, }) {
    const [, source, flags = ''] = /^\/(\S*)\/([a-z]*)$/.exec(text) ?? [];
    if (source === undefined) {
        return /\s/.test(text)
            ? noEffect('is a pattern with a blank', 'write \\s for it')
            : noEffect('is a pattern without an end', `write ${text}/`);
    }
    if (source === '')
        return noEffect('is an empty pattern');
    const parsed = parsePattern(text, { ignoreCase: true });
    if (!('ok' in parsed))
        return parsed;
    const notes = [];
    if (isCut)
        notes.push({ problem: 'matches here; Postgrey ends the pattern at its #' });
    if (flags !== '')
        notes.push({ problem: `matches here; Postgrey knows no flag ${flags}` });
    return { entries: [{ kind: 'pattern', text, pattern: parsed.ok }], notes };
}
//# sourceMappingURL=postgrey-line.js.map