import type { SchemaIssue } from './schema-issue.js';
import type { Setting } from './settings.js';
/** What is wrong, in words. */
export interface Explanation {
    readonly problem: string;
    readonly hint: string | undefined;
}
/** What stands at the path of an issue. */
export interface Offender {
    /** As YAML read it; undefined if nothing was written. */
    readonly value: unknown;
    /** As it was written, if it is a scalar. */
    readonly source: string | undefined;
    /** Whether at least its key was. */
    readonly isWritten: boolean;
}
/** Puts an issue into words, with what to write instead wherever that can be told. */
export declare function explain(issue: SchemaIssue, offender: Offender, root: Setting): Explanation;
