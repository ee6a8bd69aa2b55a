import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["any", "none"];
type State = (typeof STATES)[number];
type LoginEntry = ConditionEntry<'values'> | StateEntry<State>;
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly LoginEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly LoginEntry[], string | readonly string[]>>;
/** As whom the client has authenticated. */
export declare const loginCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
