import type { ProgramSource, RuleIssue } from './program-source.js';
import type { ListStore } from './list-store.js';
/** What is fine each by itself, but hardly meant. */
export declare function findProgramWarnings(source: ProgramSource, lists: Pick<ListStore, 'used'>): readonly RuleIssue[];
