import type { ConfigIssue } from './config-error.js';
import type { Finding } from './greylist-conf/findings.js';
import type { Override } from './overrides.js';
import type { Path } from './settings.js';
import type { YamlText } from './yaml-text.js';
/** A configuration file and what was read from it. */
export interface ConfigSource {
    readonly name: string;
    readonly text: string;
    readonly yaml: YamlText;
    /** What else there is to say of a file of milter-greylist's. */
    readonly findings: readonly Finding[];
}
/** Where a setting was written. */
export type Origin = Pick<ConfigIssue, 'file' | 'line' | 'column' | 'text'>;
/** What stands at a path in plain data; undefined if nothing does. */
export declare function valueAt(value: unknown, path: Path): unknown;
/** The place of a line and column in a file. */
export declare function originInFile(source: Pick<ConfigSource, 'name' | 'text'>, place: {
    readonly line: number;
    readonly column: number;
}): Origin;
/**
 * Finds who wrote the value at a path: the last option that did, or else the file. A value that
 * stands for a list of one is found as its first element.
 *
 * @returns undefined if it is a default
 */
export declare function findOrigin(path: Path, at: 'key' | 'value', from: {
    readonly source: ConfigSource | undefined;
    readonly overrides: readonly Override[];
}): Origin | undefined;
