import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ either, list, optional, required, section }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodType<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    result: import("zod").ZodType<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[]>>;
    domain: import("zod").ZodOptional<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
}, import("zod/v4/core").$strict>>]>;
/** What the signatures of a message are worth. */
export declare const dkimCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
