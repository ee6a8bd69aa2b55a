import type { ConditionKind, Evaluation, SchemaKinds, Truth } from '../condition.js';
import type { MaybePromise, SpfFinding } from '../lookups.js';
declare const schema: ({ list }: SchemaKinds) => import("zod").ZodType<readonly ("none" | "neutral" | "pass" | "fail" | "softfail" | "permerror" | "unknown" | "error" | "temperror" | "self")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "neutral" | "pass" | "fail" | "softfail" | "permerror" | "unknown" | "error" | "temperror" | "self")[], string | readonly string[]>>;
/** What SPF says of the client and the sender. */
export declare const spfCondition: ConditionKind<ReturnType<typeof schema>>;
/** Asks for SPF and judges what it says; not known where there is no answer, no without a client. */
export declare function askSpf(evaluation: Evaluation, judge: (finding: SpfFinding) => Truth): MaybePromise<Truth>;
/** Whether this is the null sender, for which SPF can only speak of the HELO name. */
export declare function isNullSender({ facts }: Evaluation): boolean;
export {};
