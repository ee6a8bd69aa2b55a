import { looksLikePattern, parsePattern } from '../rules/pattern.js';
import type { Pattern } from '../rules/pattern.js';
import { linesOfFile } from './list-file.js';
import type { FileEntry } from './list-file.js';

/** Something about a line that somebody should know, as a report has it. */
export interface LineNote {
  readonly problem: string;
  readonly hint?: string;
}

/**
 * What a line of a list of Postgrey comes to: its entries, none if it has no effect, and in what it
 * differs from Postgrey; or what is wrong with it.
 */
export type PostgreyLine<Entry> =
  { readonly entries: readonly Entry[]; readonly notes: readonly LineNote[] } | LineNote;

/** A line's entry, and whether Postgrey, for whom any `#` begins a comment, sees less of it. */
export interface PostgreyEntry extends FileEntry {
  readonly isCut: boolean;
}

/**
 * The entries of a list of Postgrey, one a line, without blanks and comments. A comment begins at any
 * `#`, except that one inside of a pattern belongs to the pattern.
 */
export function* postgreyEntriesOf(text: string): Generator<PostgreyEntry, void, undefined> {
  for (const entry of linesOfFile(text, (line) => patternAt(line) ?? withoutComment(line))) {
    yield { ...entry, isCut: entry.text.includes('#') };
  }
}

/** To the end of the line, whatever is in it: `.` would end at what Unicode takes for ends of lines. */
function withoutComment(line: string): string {
  return line.replace(/#[^]*/, '');
}

/** The shortest pattern that a line begins with and nothing but a comment follows. */
function patternAt(line: string): string | undefined {
  if (!looksLikePattern(line)) return undefined;
  for (let end = line.indexOf('/', 1); end > 0; end = line.indexOf('/', end + 1)) {
    if (/\s/.test(line.slice(0, end))) return undefined;
    const flags = /^[a-z]*(?=\s*(?:#|$))/.exec(line.slice(end + 1))?.[0];
    if (flags !== undefined) return line.slice(0, end + 1 + flags.length);
  }
  return undefined;
}

/** What has no effect in Postgrey has none here, and is told of. */
export function noEffect(problem: string, hint?: string): PostgreyLine<never> {
  const note = { problem: `has no effect, as in Postgrey: it ${problem}` };
  return { entries: [], notes: [hint === undefined ? note : { ...note, hint }] };
}

/** Reads a pattern; letter case never matters. */
export function parsePostgreyPattern({
  text,
  isCut,
}: PostgreyEntry): PostgreyLine<{ kind: 'pattern'; text: string; pattern: Pattern }> {
  const [, source, flags = ''] = /^\/(\S*)\/([a-z]*)$/.exec(text) ?? [];
  if (source === undefined) {
    return /\s/.test(text)
      ? noEffect('is a pattern with a blank', 'write \\s for it')
      : noEffect('is a pattern without an end', `write ${text}/`);
  }
  if (source === '') return noEffect('is an empty pattern');
  const parsed = parsePattern(text, { ignoreCase: true });
  if (!('ok' in parsed)) return parsed;
  const notes: LineNote[] = [];
  if (isCut) notes.push({ problem: 'matches here; Postgrey ends the pattern at its #' });
  if (flags !== '') notes.push({ problem: `matches here; Postgrey knows no flag ${flags}` });
  return { entries: [{ kind: 'pattern', text, pattern: parsed.ok }], notes };
}
