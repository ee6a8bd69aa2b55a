/** The section `greylist`: all of it is about when and how a client is put off. */
export declare const greylistSection: import("zod").ZodReadonly<import("zod").ZodObject<{
    mode: import("zod").ZodPrefault<import("zod").ZodEnum<{
        enforce: "enforce";
        learn: "learn";
        shadow: "shadow";
    }>>;
    style: import("zod").ZodPrefault<import("zod").ZodEnum<{
        greymilter: "greymilter";
        "milter-greylist": "milter-greylist";
    }>>;
    'lazy-autowhite': import("zod").ZodPrefault<import("zod").ZodBoolean>;
    delay: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    'retry-window': import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    autowhite: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    network: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        ipv4: import("zod").ZodPrefault<import("zod").ZodInt>;
        ipv6: import("zod").ZodPrefault<import("zod").ZodInt>;
    }, import("zod/v4/core").$strict>>>;
    stage: import("zod").ZodPrefault<import("zod").ZodEnum<{
        rcpt: "rcpt";
        data: "data";
    }>>;
    identity: import("zod").ZodPrefault<import("zod").ZodType<readonly ("network" | "spf" | "host-name")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("network" | "spf" | "host-name")[], string | readonly string[]>>>;
    patience: import("zod").ZodPrefault<import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodLiteral<"off">, import("zod").ZodNull>, import("zod").ZodNull, import("zod").ZodReadonly<import("zod").ZodObject<{
        tries: import("zod").ZodPrefault<import("zod").ZodInt>;
        over: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    }, import("zod/v4/core").$strict>>]>>;
    replies: import("zod").ZodPrefault<import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodLiteral<"off">, import("zod").ZodNull>, import("zod").ZodNull, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>]>>;
    providers: import("zod").ZodPrefault<import("zod").ZodEnum<{
        accept: "accept";
        greylist: "greylist";
    }>>;
    'client-autowhite': import("zod").ZodPrefault<import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodLiteral<"off">, import("zod").ZodNull>, import("zod").ZodNull, import("zod").ZodReadonly<import("zod").ZodObject<{
        after: import("zod").ZodPrefault<import("zod").ZodInt>;
        count: import("zod").ZodPrefault<import("zod").ZodEnum<{
            network: "network";
            address: "address";
            "sender-domain": "sender-domain";
        }>>;
        domains: import("zod").ZodPrefault<import("zod").ZodInt>;
        spacing: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
        for: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    }, import("zod/v4/core").$strict>>]>>;
    sender: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        'fold-case': import("zod").ZodPrefault<import("zod").ZodBoolean>;
        strip: import("zod").ZodPrefault<import("zod").ZodType<readonly ("batv" | "srs" | "verp" | "tokens")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("batv" | "srs" | "verp" | "tokens")[], string | readonly string[]>>>;
        form: import("zod").ZodPrefault<import("zod").ZodEnum<{
            postgrey: "postgrey";
            "milter-greylist": "milter-greylist";
            standard: "standard";
        }>>;
    }, import("zod/v4/core").$strict>>>;
    recipient: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        'fold-case': import("zod").ZodPrefault<import("zod").ZodBoolean>;
        'keep-extension': import("zod").ZodPrefault<import("zod").ZodBoolean>;
        delimiters: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
        form: import("zod").ZodPrefault<import("zod").ZodEnum<{
            "milter-greylist": "milter-greylist";
            standard: "standard";
        }>>;
    }, import("zod/v4/core").$strict>>>;
    'probe-senders': import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        match: import("zod").ZodPrefault<import("zod").ZodType<readonly import("../mail/address-pattern.js").AddressPattern[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../mail/address-pattern.js").AddressPattern[], string | readonly string[]>>>;
        stage: import("zod").ZodPrefault<import("zod").ZodEnum<{
            rcpt: "rcpt";
            data: "data";
        }>>;
        autowhite: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    }, import("zod/v4/core").$strict>>>;
    reply: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        milter: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            code: import("zod").ZodPrefault<import("zod").ZodInt>;
            enhanced: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
        }, import("zod/v4/core").$strict>>>;
        policy: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            action: import("zod").ZodPrefault<import("zod").ZodUnion<readonly [import("zod").ZodEnum<{
                DEFER_IF_PERMIT: "DEFER_IF_PERMIT";
                DEFER: "DEFER";
            }>, import("zod").ZodInt]>>;
            enhanced: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
        }, import("zod/v4/core").$strict>>>;
        text: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/reply-template.js").ReplyTemplate, import("../greylist/reply-template.js").ReplyTemplate>>>;
    }, import("zod/v4/core").$strict>>>;
    header: import("zod").ZodPrefault<import("zod").ZodEnum<{
        never: "never";
        always: "always";
        delayed: "delayed";
        "not-delayed": "not-delayed";
    }>>;
    'header-text': import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("./header-text.js").HeaderText, import("./header-text.js").HeaderText>>>;
}, import("zod/v4/core").$strict>>;
