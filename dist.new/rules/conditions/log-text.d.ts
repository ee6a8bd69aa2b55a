import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: ({ text }: SchemaKinds) => import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>;
/** Writes a line into the log at its place among the conditions. */
export declare const logTextCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
