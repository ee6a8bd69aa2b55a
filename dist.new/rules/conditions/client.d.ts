import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly ConditionEntry<"clients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"clients">[], string | readonly string[]>>;
/** Which host the client is, by its address or its verified name. */
export declare const clientCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
