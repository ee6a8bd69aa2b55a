import type { WrittenLists } from './lists-section.js';
import * as kinds from './schema-kinds.js';
import type { SchemaIssue } from './schema-issue.js';
import type { Setting } from './settings.js';
import * as values from './values.js';
/** Every setting, its default and its bounds. The keys are those of the file. */
export declare const configSchema: import("zod").ZodReadonly<import("zod").ZodObject<{
    listen: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        milter: import("zod").ZodPrefault<import("zod").ZodType<readonly import("./socket-address.js").SocketAddress[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("./socket-address.js").SocketAddress[], string | readonly string[]>>>;
        policy: import("zod").ZodPrefault<import("zod").ZodType<readonly import("./socket-address.js").SocketAddress[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("./socket-address.js").SocketAddress[], string | readonly string[]>>>;
        admin: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<{
            readonly kind: "unix";
            readonly path: string;
        }, {
            readonly kind: "unix";
            readonly path: string;
        }>>>>;
        socket: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            mode: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<number, number>>>;
            owner: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
            group: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
        }, import("zod/v4/core").$strict>>>;
        'admin-socket': import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            mode: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<number, number>>>;
            owner: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
            group: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
        }, import("zod/v4/core").$strict>>>;
        allow: import("zod").ZodPrefault<import("zod").ZodType<readonly import("./client-set.js").ClientSet[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("./client-set.js").ClientSet[], string | readonly string[]>>>;
    }, import("zod/v4/core").$strict>>>;
    store: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        url: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<values.StoreUrl, values.StoreUrl>>>;
        durability: import("zod").ZodPrefault<import("zod").ZodEnum<{
            process: "process";
            power: "power";
        }>>;
        'on-failure': import("zod").ZodPrefault<import("zod").ZodEnum<{
            accept: "accept";
            tempfail: "tempfail";
        }>>;
        import: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            'milter-greylist': import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>>;
        }, import("zod/v4/core").$strict>>>;
    }, import("zod/v4/core").$strict>>>;
    'local-domains': import("zod").ZodPrefault<import("zod").ZodType<readonly import("../rules/sets/name-entry.js").NameEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("../rules/sets/name-entry.js").NameEntry[], string | readonly string[]>>>;
    greylist: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
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
    }, import("zod/v4/core").$strict>>>;
    refusal: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        code: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodInt>>;
        enhanced: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
        text: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/reply-template.js").ReplyTemplate, import("../greylist/reply-template.js").ReplyTemplate>>>;
    }, import("zod/v4/core").$strict>>>;
    trusted: import("zod").ZodPrefault<import("zod").ZodType<readonly import("./client-set.js").ClientSet[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("./client-set.js").ClientSet[], string | readonly string[]>>>;
    exempt: import("zod").ZodPrefault<import("zod").ZodType<readonly ("authenticated" | "tls" | "local" | "access-map")[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ("authenticated" | "tls" | "local" | "access-map")[], string | readonly string[]>>>;
    lists: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodReadonly<import("zod").ZodObject<{
        clients: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[], import("zod/v4/core").$ZodTypeInternals<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[]>>>;
        senders: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[], import("zod/v4/core").$ZodTypeInternals<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[]>>>;
        recipients: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[], import("zod/v4/core").$ZodTypeInternals<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[]>>>;
        names: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[], import("zod/v4/core").$ZodTypeInternals<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[]>>>;
        values: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[], import("zod/v4/core").$ZodTypeInternals<readonly (Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | import("./lists-section.js").WrittenItem)[], string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }> | readonly (string | Readonly<{
            file?: string | undefined;
            postgrey?: string | undefined;
        }> | Readonly<{
            file: string;
        }>)[]>>>;
    }, import("zod/v4/core").$strict>>>>>;
    rules: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
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
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("./rules-section.js").WrittenCondition, import("./rules-section.js").WrittenCondition>>>;
        }, import("zod/v4/core").$strict>>>;
        unless: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("./rules-section.js").WrittenCondition, import("./rules-section.js").WrittenCondition>>>;
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
    }, import("zod/v4/core").$strict>>>>>;
    'message-rules': import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
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
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("./rules-section.js").WrittenCondition, import("./rules-section.js").WrittenCondition>>>;
        }, import("zod/v4/core").$strict>>>;
        unless: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<import("./rules-section.js").WrittenCondition, import("./rules-section.js").WrittenCondition>>>;
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
    }, import("zod/v4/core").$strict>>>>>;
    lookups: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        geo: import("zod").ZodPrefault<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
        urls: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodReadonly<import("zod").ZodObject<{
            url: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>;
            timeout: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
            connections: import("zod").ZodPrefault<import("zod").ZodInt>;
            encode: import("zod").ZodPrefault<import("zod").ZodBoolean>;
            properties: import("zod").ZodOptional<import("zod").ZodEnum<{
                recipient: "recipient";
                message: "message";
            }>>;
            'post-message': import("zod").ZodPrefault<import("zod").ZodBoolean>;
        }, import("zod/v4/core").$strict>>>>>;
        ldap: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
            servers: import("zod").ZodPrefault<import("zod").ZodType<readonly string[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly string[], string | readonly string[]>>>;
            timeout: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
            connections: import("zod").ZodPrefault<import("zod").ZodInt>;
            bind: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
                dn: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>;
                password: import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
                'password-file': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>;
            }, import("zod/v4/core").$strict>>>;
        }, import("zod/v4/core").$strict>>>;
        'ldap-queries': import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodReadonly<import("zod").ZodObject<{
            url: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../rules/lookup-definitions.js").LdapUrl, import("../rules/lookup-definitions.js").LdapUrl>>;
            escape: import("zod").ZodPrefault<import("zod").ZodBoolean>;
            match: import("zod").ZodPrefault<import("zod").ZodBoolean>;
            properties: import("zod").ZodOptional<import("zod").ZodEnum<{
                recipient: "recipient";
                message: "message";
            }>>;
        }, import("zod/v4/core").$strict>>>>>;
        timeout: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
        resolvers: import("zod").ZodPrefault<import("zod").ZodType<readonly import("./resolver-address.js").ResolverAddress[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly import("./resolver-address.js").ResolverAddress[], string | readonly string[]>>>;
        'local-address': import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../mail/ip-address.js").IpAddress, import("../mail/ip-address.js").IpAddress>>>>;
    }, import("zod/v4/core").$strict>>>;
    activity: import("zod").ZodPrefault<import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodLiteral<"off">, import("zod").ZodNull>, import("zod").ZodNull, import("zod").ZodReadonly<import("zod").ZodObject<{
        to: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("./activity-section.js").WrittenActivityTarget, import("./activity-section.js").WrittenActivityTarget>>;
        format: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>;
    }, import("zod/v4/core").$strict>>]>>;
    log: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        level: import("zod").ZodPrefault<import("zod").ZodEnum<{
            error: "error";
            warn: "warn";
            info: "info";
            debug: "debug";
        }>>;
        format: import("zod").ZodPrefault<import("zod").ZodEnum<{
            text: "text";
            json: "json";
        }>>;
        style: import("zod").ZodPrefault<import("zod").ZodEnum<{
            greymilter: "greymilter";
            postgrey: "postgrey";
            "milter-greylist": "milter-greylist";
        }>>;
        to: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<values.LogTarget, values.LogTarget>>>;
    }, import("zod/v4/core").$strict>>>;
    reload: import("zod").ZodPrefault<import("zod").ZodEnum<{
        signal: "signal";
        watch: "watch";
    }>>;
    user: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
    group: import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodString>>>;
    'pid-file': import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<string, string>>>>;
    limits: import("zod").ZodPrefault<import("zod").ZodReadonly<import("zod").ZodObject<{
        connections: import("zod").ZodPrefault<import("zod").ZodInt>;
        packet: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodNumber>>;
        body: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodUnion<readonly [import("zod").ZodString, import("zod").ZodInt]>, import("zod").ZodNumber>>;
        macros: import("zod").ZodPrefault<import("zod").ZodInt>;
        idle: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
        answer: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
        tarpit: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
        tarpits: import("zod").ZodPrefault<import("zod").ZodInt>;
        drain: import("zod").ZodPrefault<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodNumber>>;
    }, import("zod/v4/core").$strict>>>;
}, import("zod/v4/core").$strict>>;
/**
 * The whole configuration, read and checked. Durations are milliseconds, sizes are bytes; all of
 * it is frozen.
 */
export type Config = kinds.Output<typeof configSchema>;
/** All settings as a tree, for hints and documentation. */
export declare const settings: Setting;
/** Reads plain data: a configuration, or everything that is wrong with single settings. */
export declare function decodeConfig(input: unknown): {
    readonly ok: Config;
} | {
    readonly issues: readonly SchemaIssue[];
};
/** Reads the lists alone, as they may be fine where something else is wrong. */
export declare function decodeLists(input: unknown): {
    readonly ok: WrittenLists;
} | {
    readonly issues: readonly SchemaIssue[];
};
/** The plain data from which {@link decodeConfig} makes this configuration. */
export declare function encodeConfig(config: Config): unknown;
/** The JSON Schema of a configuration file. */
export declare function configJsonSchema(): Readonly<Record<string, unknown>>;
