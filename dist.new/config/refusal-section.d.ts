/** The section `refusal`: what clients are told that rules refuse, where those say nothing else. */
export declare const refusalSection: import("zod").ZodReadonly<import("zod").ZodObject<{
    code: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodInt>>;
    enhanced: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    text: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/reply-template.js").ReplyTemplate, import("../greylist/reply-template.js").ReplyTemplate>>>;
}, import("zod/v4/core").$strict>>;
