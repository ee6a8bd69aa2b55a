/**
 * Whether a text matches a glob as a shell's: `*` for anything, `?` for one character, `[a-z]` and
 * `[!a-z]` for one of some; a backslash takes a meaning away. Letter case does not matter. The time
 * it takes grows with both lengths and no faster, whatever the glob is.
 */
export declare function matchesGlob(glob: string, text: string): boolean;
