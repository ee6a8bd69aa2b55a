/**
 * All kinds of conditions by their keys, in the order of the reference. Those of stage `eom` are for
 * rules after the message.
 */
export declare const conditionKinds: {
    readonly all: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
        any: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("../../config/rules-section.js").WrittenCondition, import("../../config/rules-section.js").WrittenCondition>>>;
        }, import("zod/v4/core").$strict>>>>>;
        not: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
            any: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
                [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("../../config/rules-section.js").WrittenCondition, import("../../config/rules-section.js").WrittenCondition>>>;
            }, import("zod/v4/core").$strict>>>>>;
        }, import("zod/v4/core").$strict>>>;
        'on-unknown': import("zod").ZodOptional<import("zod").ZodEnum<{
            match: "match";
            "no-match": "no-match";
        }>>;
    }, import("zod/v4/core").$strict>>>>>;
    readonly client: import("../condition.js").ConditionKind<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"clients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"clients">[], string | readonly string[]>>>;
    readonly 'client-name': import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"names"> | import("./states.js").StateEntry<"verified" | "unverified" | "missing" | "temporarily-unknown" | "generic">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"names"> | import("./states.js").StateEntry<"verified" | "unverified" | "missing" | "temporarily-unknown" | "generic">)[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        'ends-with': import("zod").ZodOptional<import("zod").ZodType<readonly {
            readonly kind: "ending";
            readonly text: string;
            readonly ending: string;
        }[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly {
            readonly kind: "ending";
            readonly text: string;
            readonly ending: string;
        }[], string | readonly string[]>>>;
        matches: import("zod").ZodOptional<import("zod").ZodType<readonly {
            readonly kind: "pattern";
            readonly text: string;
            readonly pattern: import("../pattern.js").Pattern;
        }[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly {
            readonly kind: "pattern";
            readonly text: string;
            readonly pattern: import("../pattern.js").Pattern;
        }[], string | readonly string[]>>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly helo: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"names"> | {
        readonly kind: "literal";
        readonly text: string;
    } | import("./states.js").StateEntry<"missing" | "address-literal">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"names"> | {
        readonly kind: "literal";
        readonly text: string;
    } | import("./states.js").StateEntry<"missing" | "address-literal">)[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        template: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly sender: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        raw: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[]>>>;
        bracketed: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[]>>>;
        'raw-bracketed': import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[]>>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly 'sender-authenticated': import("../condition.js").ConditionKind<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"senders">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"senders">[], string | readonly string[]>>>;
    readonly recipient: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        raw: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"senders" | "recipients">[], string | readonly string[]>>>;
        bracketed: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[]>>>;
        'raw-bracketed': import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/bracketed-entry.js").BracketedEntry[], string | readonly string[]>>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly login: import("../condition.js").ConditionKind<import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"none" | "any">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"none" | "any">)[], string | readonly string[]>>>;
    readonly tls: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        encrypted: import("zod").ZodOptional<import("zod").ZodBoolean>;
        version: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[]>>>;
        cipher: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[]>>>;
        subject: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[]>>>;
        issuer: import("zod").ZodOptional<import("zod").ZodType<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/compile-entries.js").ConditionEntry<"values">[], string | readonly string[]>>>;
        verified: import("zod").ZodOptional<import("zod").ZodBoolean>;
    }, import("zod/v4/core").$strict>>>;
    readonly macro: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"set" | "unset">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"set" | "unset">)[], string | readonly string[]>>>>>;
    readonly time: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly import("../time-window.js").TimeWindow[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../time-window.js").TimeWindow[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        within: import("zod").ZodOptional<import("zod").ZodType<readonly import("../time-window.js").TimeWindow[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../time-window.js").TimeWindow[], string | readonly string[]>>>;
        cron: import("zod").ZodOptional<import("zod").ZodType<readonly import("../cron-time.js").CronTime[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../cron-time.js").CronTime[], string | readonly string[]>>>;
        zone: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly recipients: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        over: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'at-least': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        under: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'up-to': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        is: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'is-not': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    }, import("zod/v4/core").$strict>>>;
    readonly dnsbl: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        zones: import("zod").ZodUnion<readonly [import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodInt>>]>;
        answers: import("zod").ZodOptional<import("zod").ZodType<readonly import("../../mail/network.js").Network[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../../mail/network.js").Network[], string | readonly string[]>>>;
        score: import("zod").ZodOptional<import("zod").ZodInt>;
        name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    }, import("zod/v4/core").$strict>>>;
    readonly spf: import("../condition.js").ConditionKind<import("zod").ZodType<readonly ("none" | "neutral" | "pass" | "fail" | "softfail" | "permerror" | "unknown" | "error" | "temperror" | "self")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "neutral" | "pass" | "fail" | "softfail" | "permerror" | "unknown" | "error" | "temperror" | "self")[], string | readonly string[]>>>;
    readonly 'sender-mx': import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodBoolean, import("zod").ZodReadonly<import("zod").ZodObject<{
        ipv4: import("zod").ZodOptional<import("zod").ZodInt>;
        ipv6: import("zod").ZodOptional<import("zod").ZodInt>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly geo: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        countries: import("zod").ZodOptional<import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"unknown">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"unknown">)[], string | readonly string[]>>>;
        asn: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodInt>>]>>;
    }, import("zod/v4/core").$strict>>>;
    readonly rate: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        over: import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodNumber>]>;
        in: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>;
        per: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../rate-key.js").RateKey, import("../rate-key.js").RateKey>>>;
        count: import("zod").ZodOptional<import("zod").ZodEnum<{
            bytes: "bytes";
            recipients: "recipients";
            messages: "messages";
            sessions: "sessions";
        }>>;
        name: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
    }, import("zod/v4/core").$strict>>>;
    readonly tarpit: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>, import("zod").ZodReadonly<import("zod").ZodObject<{
        for: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>;
        scope: import("zod").ZodOptional<import("zod").ZodEnum<{
            session: "session";
            command: "command";
        }>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly url: import("../condition.js").ConditionKind<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
    readonly ldap: import("../condition.js").ConditionKind<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
    readonly header: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodType<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"missing" | "present">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/compile-entries.js").ConditionEntry<"values"> | import("./states.js").StateEntry<"missing" | "present">)[], string | readonly string[]>>>>>;
    readonly body: import("../condition.js").ConditionKind<import("zod").ZodType<readonly import("../sets/part-entry.js").PartEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../sets/part-entry.js").PartEntry[], string | readonly string[]>>>;
    readonly size: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodObject<{
        over: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'at-least': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        under: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'up-to': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        is: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'is-not': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    }, import("zod/v4/core").$strict>>>;
    readonly dkim: import("../condition.js").ConditionKind<import("zod").ZodUnion<readonly [import("zod").ZodType<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        result: import("zod").ZodType<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("none" | "pass" | "fail" | "unknown" | "error")[], string | readonly string[]>>;
        domain: import("zod").ZodOptional<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
    }, import("zod/v4/core").$strict>>]>>;
    readonly property: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodType<readonly (import("../sets/value-entry.js").ValueEntry | import("./states.js").StateEntry<"set" | "unset">)[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly (import("../sets/value-entry.js").ValueEntry | import("./states.js").StateEntry<"set" | "unset">)[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
        'glob-of': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>>;
        over: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'at-least': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        under: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'up-to': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        is: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
        'is-not': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    }, import("zod/v4/core").$strict>>]>>>>;
    readonly set: import("../condition.js").ConditionKind<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>]>, import("zod").ZodReadonly<import("zod").ZodObject<{
        to: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>]>>;
        add: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>]>>;
        subtract: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>]>>;
        scope: import("zod").ZodOptional<import("zod").ZodEnum<{
            recipient: "recipient";
            message: "message";
        }>>;
    }, import("zod/v4/core").$strict>>]>>>>;
    readonly 'log-text': import("../condition.js").ConditionKind<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../../greylist/text-template.js").PlainTemplate, import("../../greylist/text-template.js").PlainTemplate>>>;
};
