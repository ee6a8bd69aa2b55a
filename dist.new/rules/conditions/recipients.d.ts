import type { ConditionKind, SchemaKinds } from '../condition.js';
declare const schema: (kinds: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodObject<{
    over: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'at-least': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    under: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'up-to': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    is: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'is-not': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
}, import("zod/v4/core").$strict>>;
/** How many recipients the message has so far. */
export declare const recipientsCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
