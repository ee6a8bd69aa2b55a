import * as kinds from './schema-kinds.js';
/** A condition that is read, but not yet compiled. */
export interface WrittenCondition {
    /** Its key, which is its kind. */
    readonly name: string;
    readonly value: unknown;
}
/** The section `rules`: what is asked for each recipient. */
export declare const rulesSection: import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
    stage: import("zod").ZodOptional<import("zod").ZodEnum<{
        mail: "mail";
        connect: "connect";
        helo: "helo";
        rcpt: "rcpt";
        data: "data";
    }>>;
    mode: import("zod").ZodOptional<import("zod").ZodEnum<{
        enforce: "enforce";
        learn: "learn";
        shadow: "shadow";
    }>>;
    log: import("zod").ZodOptional<import("zod").ZodEnum<{
        error: "error";
        warn: "warn";
        info: "info";
        debug: "debug";
    }>>;
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
    code: import("zod").ZodOptional<import("zod").ZodInt>;
    enhanced: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    text: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/reply-template.js").ReplyTemplate, import("../greylist/reply-template.js").ReplyTemplate>>>;
    delay: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    'retry-window': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    autowhite: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    network: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        ipv4: import("zod").ZodOptional<import("zod").ZodInt>;
        ipv6: import("zod").ZodOptional<import("zod").ZodInt>;
    }, import("zod/v4/core").$strict>>>;
    name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    when: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
    }, import("zod/v4/core").$strict>>>;
    unless: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
    }, import("zod/v4/core").$strict>>>;
    then: import("zod").ZodEnum<{
        accept: "accept";
        tempfail: "tempfail";
        reject: "reject";
        discard: "discard";
        quarantine: "quarantine";
        continue: "continue";
        greylist: "greylist";
    }>;
    'on-unknown': import("zod").ZodOptional<import("zod").ZodEnum<{
        tempfail: "tempfail";
        match: "match";
        "no-match": "no-match";
    }>>;
}, import("zod/v4/core").$strict>>>>;
/** The section `message-rules`: what is asked once the message is there. */
export declare const messageRulesSection: import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
    stage: import("zod").ZodOptional<import("zod").ZodEnum<{
        mail: "mail";
        connect: "connect";
        helo: "helo";
        rcpt: "rcpt";
        data: "data";
    }>>;
    mode: import("zod").ZodOptional<import("zod").ZodEnum<{
        enforce: "enforce";
        learn: "learn";
        shadow: "shadow";
    }>>;
    log: import("zod").ZodOptional<import("zod").ZodEnum<{
        error: "error";
        warn: "warn";
        info: "info";
        debug: "debug";
    }>>;
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
    code: import("zod").ZodOptional<import("zod").ZodInt>;
    enhanced: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    text: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/reply-template.js").ReplyTemplate, import("../greylist/reply-template.js").ReplyTemplate>>>;
    delay: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    'retry-window': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    autowhite: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    network: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        ipv4: import("zod").ZodOptional<import("zod").ZodInt>;
        ipv6: import("zod").ZodOptional<import("zod").ZodInt>;
    }, import("zod/v4/core").$strict>>>;
    name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    when: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
    }, import("zod/v4/core").$strict>>>;
    unless: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
    }, import("zod/v4/core").$strict>>>;
    then: import("zod").ZodEnum<{
        accept: "accept";
        tempfail: "tempfail";
        reject: "reject";
        discard: "discard";
        quarantine: "quarantine";
        continue: "continue";
        greylist: "greylist";
    }>;
    'on-unknown': import("zod").ZodOptional<import("zod").ZodEnum<{
        tempfail: "tempfail";
        match: "match";
        "no-match": "no-match";
    }>>;
}, import("zod/v4/core").$strict>>>>;
/** A rule as it is written. */
export type WrittenRule = kinds.Output<typeof rulesSection>[number];
