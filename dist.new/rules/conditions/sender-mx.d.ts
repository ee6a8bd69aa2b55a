import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ either, flag, optional, section, whole }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodBoolean, import("zod").ZodReadonly<import("zod").ZodObject<{
    ipv4: import("zod").ZodOptional<import("zod").ZodInt>;
    ipv6: import("zod").ZodOptional<import("zod").ZodInt>;
}, import("zod/v4/core").$strict>>]>;
/** Whether the client also takes mail for the sender's domain. */
export declare const senderMxCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
