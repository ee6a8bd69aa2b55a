import type { Pattern } from '../rules/pattern.js';
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
export type PostgreyLine<Entry> = {
    readonly entries: readonly Entry[];
    readonly notes: readonly LineNote[];
} | LineNote;
/** A line's entry, and whether Postgrey, for whom any `#` begins a comment, sees less of it. */
export interface PostgreyEntry extends FileEntry {
    readonly isCut: boolean;
}
/**
 * The entries of a list of Postgrey, one a line, without blanks and comments. A comment begins at any
 * `#`, except that one inside of a pattern belongs to the pattern.
 */
export declare function postgreyEntriesOf(text: string): readonly PostgreyEntry[];
/** What has no effect in Postgrey has none here, and is told of. */
export declare function noEffect(problem: string, hint?: string): PostgreyLine<never>;
/** Reads a pattern; letter case never matters. */
export declare function parsePostgreyPattern({ text, isCut, }: PostgreyEntry): PostgreyLine<{
    kind: 'pattern';
    text: string;
    pattern: Pattern;
}>;
