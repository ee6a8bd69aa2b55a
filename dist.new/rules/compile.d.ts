import type { ProgramSource, RuleIssue } from './program-source.js';
import type { Program } from './rule.js';
/** A program, and what is wrong or doubtful about it. */
export interface CompiledProgram {
    readonly program: Program;
    /** What makes it unusable: names of what there is not. */
    readonly errors: readonly RuleIssue[];
    readonly warnings: readonly RuleIssue[];
}
/** Compiles all rules. Without side effects; what is compiled keeps no hold on the source. */
export declare function compileProgram(source: ProgramSource): CompiledProgram;
