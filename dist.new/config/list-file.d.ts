/** An entry of a list file, where it stands, and the line around it. */
export interface FileEntry {
    readonly text: string;
    /** Both count from 1. */
    readonly line: number;
    readonly column: number;
}
/** A list file: what it has, or why it cannot be read. */
export type ListFile = {
    readonly text: string;
} | {
    readonly problem: string;
    readonly hint: string | undefined;
};
/** What became of each list file, by the path it was read from. */
export type ListFiles = ReadonlyMap<string, ListFile>;
/** Reads a list file. */
export declare function readListFile(path: string): Promise<ListFile>;
/**
 * The entries of a list file, one a line. Blank lines do not count, nor what follows a `#` at the
 * start of a line or behind a blank. A pattern ends at its last slash.
 *
 * @returns an entry without end, `text` cut, for a line that is too long to be one
 */
export declare function entriesOfFile(text: string): readonly FileEntry[];
/**
 * What stands on the lines of a file.
 *
 * @param entryOf takes what is no entry off a line that has no blanks in front
 */
export declare function linesOfFile(text: string, entryOf: (line: string) => string): readonly FileEntry[];
/** Whether a line is too long to be an entry. */
export declare function isTooLong({ text }: FileEntry): boolean;
