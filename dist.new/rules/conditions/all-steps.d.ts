import type { CompileContext, Condition } from '../condition.js';
import type { ConditionTable } from './all.js';
/** Compiles the steps of one condition; the condition is free if all of theirs are. */
export declare function compileSteps(steps: readonly Readonly<Record<string, unknown>>[], table: ConditionTable, context: CompileContext): Condition;
