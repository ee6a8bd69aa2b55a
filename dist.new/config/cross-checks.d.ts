import type { Config } from './schema.js';
import type { Path } from './settings.js';
/** Something wrong, or only doubtful, between settings that are fine each by itself. */
export interface CrossIssue {
    /** The settings it is between; it is reported at the first of them that somebody wrote. */
    readonly paths: readonly [Path, ...Path[]];
    readonly problem: string;
    readonly hint: string | undefined;
}
/** What makes a configuration unusable although every setting is fine by itself. */
export declare function findContradictions(config: Config): readonly CrossIssue[];
/** What works, but hardly as it was meant. */
export declare function findDoubts(config: Config): readonly CrossIssue[];
