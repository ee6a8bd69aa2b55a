import type { CrossIssue } from './cross-checks.js';
/** What rules call by a name that is wrong; of the configuration as it was written. */
export declare function findWrongReferences(input: unknown): readonly CrossIssue[];
