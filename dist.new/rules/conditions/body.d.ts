import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { PartEntry } from '../sets/part-entry.js';
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly PartEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly PartEntry[], string | readonly string[]>>;
/** What stands in the body of the message. */
export declare const bodyCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
