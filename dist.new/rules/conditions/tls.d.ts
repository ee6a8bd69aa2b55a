import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
declare const schema: ({ flag, list, optional, section, withChecks }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodObject<{
    encrypted: import("zod").ZodOptional<import("zod").ZodBoolean>;
    version: import("zod").ZodOptional<import("zod").ZodType<readonly ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"values">[], string | readonly string[]>>>;
    cipher: import("zod").ZodOptional<import("zod").ZodType<readonly ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"values">[], string | readonly string[]>>>;
    subject: import("zod").ZodOptional<import("zod").ZodType<readonly ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"values">[], string | readonly string[]>>>;
    issuer: import("zod").ZodOptional<import("zod").ZodType<readonly ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<"values">[], string | readonly string[]>>>;
    verified: import("zod").ZodOptional<import("zod").ZodBoolean>;
}, import("zod/v4/core").$strict>>;
/** How the connection is encrypted, and whose certificate the client has shown. */
export declare const tlsCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
