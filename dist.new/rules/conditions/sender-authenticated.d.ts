import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly ConditionEntry<"senders">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"senders">[], string | readonly string[]>>;
/** Who the sender is, if it is really them. */
export declare const senderAuthenticatedCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
