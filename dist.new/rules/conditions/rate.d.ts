import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { RateKey } from '../rate-key.js';
declare const schema: ({ choice, duration, either, optional, required, section, size, text, whole, withChecks, }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodObject<{
    over: import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodNumber>]>;
    in: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>;
    per: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<RateKey, RateKey>>>;
    count: import("zod").ZodOptional<import("zod").ZodEnum<{
        bytes: "bytes";
        recipients: "recipients";
        messages: "messages";
        sessions: "sessions";
    }>>;
    name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
}, import("zod/v4/core").$strict>>;
/** How much comes from somebody. */
export declare const rateCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
