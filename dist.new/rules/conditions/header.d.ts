import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["present", "missing"];
type State = (typeof STATES)[number];
type HeaderEntry = ConditionEntry<'values'> | StateEntry<State>;
declare const schema: ({ list, named }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodType<readonly HeaderEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly HeaderEntry[], string | readonly string[]>>>>;
/** What the message's header says. */
export declare const headerCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
