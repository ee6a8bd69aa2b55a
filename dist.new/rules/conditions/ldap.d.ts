import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>;
/** What a directory has. */
export declare const ldapCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
