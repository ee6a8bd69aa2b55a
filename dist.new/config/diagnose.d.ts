import type { Place } from '../rules/rule.js';
import type { ConfigIssue } from './config-error.js';
import type { CrossIssue } from './cross-checks.js';
import type { ConfigSource } from './origins.js';
import type { Override } from './overrides.js';
import type { SchemaIssue } from './schema-issue.js';
import type { Path } from './settings.js';
/** A configuration on its way: what was written where, and all of it put together. */
export interface Loading {
    readonly source: ConfigSource | undefined;
    readonly overrides: readonly Override[];
    readonly input: unknown;
}
/** Where something stands, for logs: what was written there, or the nearest thing around it. */
export declare function placeOf(path: Path, loading: Loading): Place;
/** The report of something at one setting. */
export declare function issueAt({ path, problem, hint }: {
    path: Path;
    problem: string;
    hint: string | undefined;
}, loading: Loading): ConfigIssue;
/** The report of something between settings. */
export declare function toCrossIssue({ paths, problem, hint }: CrossIssue, loading: Loading): ConfigIssue;
/**
 * All that is wrong with a configuration, in the order of the file; options, which have no line,
 * come last.
 *
 * @param issues what the schema objects to
 * @param others what else is known to be wrong
 */
export declare function diagnose(issues: readonly SchemaIssue[], others: readonly ConfigIssue[], loading: Loading): readonly ConfigIssue[];
