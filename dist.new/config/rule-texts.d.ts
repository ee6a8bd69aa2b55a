/** The settings of a rule by which texts, or what texts may show, are changed. */
export declare const ruleTexts: {
    headers: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").LineTemplate, import("../greylist/text-template.js").LineTemplate>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        value: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").LineTemplate, import("../greylist/text-template.js").LineTemplate>>;
        at: import("zod").ZodOptional<import("zod").ZodInt>;
    }, import("zod/v4/core").$strict>>]>>>>;
    report: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").LineTemplate, import("../greylist/text-template.js").LineTemplate>>>;
    'subject-tag': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").LineTemplate, import("../greylist/text-template.js").LineTemplate>>>;
    footer: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>>;
    set: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>]>, import("zod").ZodReadonly<import("zod").ZodObject<{
        to: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>]>>;
        add: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>]>>;
        subtract: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>]>>;
        scope: import("zod").ZodOptional<import("zod").ZodEnum<{
            recipient: "recipient";
            message: "message";
        }>>;
    }, import("zod/v4/core").$strict>>]>>>>;
    'log-text': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>>;
    forget: import("zod").ZodOptional<import("zod").ZodEnum<{
        client: "client";
    }>>;
};
