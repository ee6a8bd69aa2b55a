import type { ConfigIssue } from './config-error.js';
import type { Path } from './settings.js';
/** A value from the command line, on top of the file. */
export interface Override {
    /** The option as it was given, for reports. */
    readonly origin: string;
    /** One for each element of a list that several options made. */
    readonly origins?: readonly string[];
    readonly path: Path;
    readonly value: unknown;
}
/** Reads the argument of `--set`: a setting's path, `=`, and its value as YAML. */
export declare function parseOverride(argument: string): {
    readonly ok: Override;
} | {
    readonly issues: readonly ConfigIssue[];
};
/** Puts a value at a path: mappings are merged, everything else is replaced. */
export declare function withValue(base: unknown, path: Path, value: unknown): unknown;
/** Removes what stands at a path. */
export declare function withoutValue(base: unknown, path: Path): unknown;
