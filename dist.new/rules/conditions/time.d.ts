import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { CronTime } from '../cron-time.js';
import type { TimeWindow } from '../time-window.js';
declare const schema: ({ either, list, optional, section, text, withChecks }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodType<readonly TimeWindow[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly TimeWindow[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    within: import("zod").ZodOptional<import("zod").ZodType<readonly TimeWindow[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly TimeWindow[], string | readonly string[]>>>;
    cron: import("zod").ZodOptional<import("zod").ZodType<readonly CronTime[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly CronTime[], string | readonly string[]>>>;
    zone: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
}, import("zod/v4/core").$strict>>]>;
/** What the clock shows. */
export declare const timeCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
