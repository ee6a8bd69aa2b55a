import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ choice, duration, either, optional, required, section }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>, import("zod").ZodReadonly<import("zod").ZodObject<{
    for: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>;
    scope: import("zod").ZodOptional<import("zod").ZodEnum<{
        session: "session";
        command: "command";
    }>>;
}, import("zod/v4/core").$strict>>]>;
/** Makes the client wait for its answer, unless it gave up when it had to wait before. */
export declare const tarpitCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
