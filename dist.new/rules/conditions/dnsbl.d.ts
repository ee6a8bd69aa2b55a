import type { Network } from '../../mail/network.js';
import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ either, list, named, optional, required, section, text, whole, withChecks, }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodObject<{
    zones: import("zod").ZodUnion<readonly [import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodInt>>]>;
    answers: import("zod").ZodOptional<import("zod").ZodType<readonly Network[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly Network[], string | readonly string[]>>>;
    score: import("zod").ZodOptional<import("zod").ZodInt>;
    name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
}, import("zod/v4/core").$strict>>;
/** Whether DNS lists have the client. */
export declare const dnsblCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
