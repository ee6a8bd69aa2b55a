/** Where a value stands in the configuration: keys, and places in lists. */
export type Path = readonly (string | number)[];
/** How settings of these kinds are described; what is said of a wrong value depends on it. */
export declare const A_DURATION = "a duration such as 90s, 5m or 2d";
export declare const A_FLAG = "true or false";
export declare const A_MAPPING = "a mapping";
/** One setting, or a section of them, as documentation and error reports speak of it. */
export interface Setting {
    readonly path: readonly string[];
    /** What it is for, in a sentence that a postmaster understands. */
    readonly meaning: string;
    /** What may be written, as in "must be …". */
    readonly expects: string;
    /** What YAML must make of it. */
    readonly takes: 'mapping' | 'list' | 'text' | 'number' | 'flag';
    /** Why its bounds are where they are. */
    readonly why: string | undefined;
    /** The default as one would write it; an empty mapping for a section; undefined if there is none. */
    readonly fallback: unknown;
    /** Empty for a single setting. */
    readonly children: ReadonlyMap<string, Setting>;
    /** What each element is, of a list of mappings or of a mapping whose keys are given names. */
    readonly element: Setting | undefined;
}
/** The setting at a path, or the one whose list the path leads into; undefined if there is none. */
export declare function findSetting(root: Setting, path: Path): Setting | undefined;
/** All single settings below one, in the order of the file. */
export declare function leafSettings(setting: Setting): readonly Setting[];
