/** What can be wrong with a configuration; README lists what to do. */
export type ConfigErrorCode = 
/** One or more settings are wrong; the issues say which. */
'CONFIG_INVALID' | 'CONFIG_NOT_FOUND' | 'CONFIG_PERMISSION'
/** It is there, but it cannot be read, or is no file. */
 | 'CONFIG_UNREADABLE' | 'CONFIG_TOO_LARGE'
/** Its bytes are not UTF-8. */
 | 'CONFIG_NOT_TEXT';
/** One thing that is wrong, or only doubtful, in a configuration. */
export interface ConfigIssue {
    /** The file as it was named, or the option: `--set greylist.delay=abc`. */
    readonly file: string;
    /** From 1; absent for options, and for what concerns the file as a whole. */
    readonly line: number | undefined;
    readonly column: number | undefined;
    /** The setting, as in `greylist.delay`; empty if it is none. */
    readonly path: string;
    /** The offending line of the file; empty for an option. */
    readonly text: string;
    /** What is wrong, as what follows the setting's name: "must be at least 1s". */
    readonly problem: string;
    /** What to write instead, or why. */
    readonly hint: string | undefined;
}
/**
 * Several lines for people: place, setting and problem, the line in question, and a caret with the
 * hint below it.
 */
export declare function formatIssue(issue: ConfigIssue): string;
/** A configuration that cannot be used. The message is the whole report. */
export declare class ConfigError extends Error {
    readonly code: ConfigErrorCode;
    /** In the order of the file, options behind it; empty if the file could not be read at all. */
    readonly issues: readonly ConfigIssue[];
    constructor(code: ConfigErrorCode, message: string, options?: ErrorOptions & {
        readonly issues?: readonly ConfigIssue[];
    });
}
/** The error for one or more issues. */
export declare function invalidConfig(issues: readonly ConfigIssue[]): ConfigError;
