import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["set", "unset"];
type State = (typeof STATES)[number];
type MacroEntry = ConditionEntry<'values'> | StateEntry<State>;
declare const schema: ({ list, named }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodType<readonly MacroEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly MacroEntry[], string | readonly string[]>>>>;
/** What the MTA says in its macros. */
export declare const macroCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
