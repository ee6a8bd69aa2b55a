import type { IpAddress } from '../mail/ip-address.js';
/** The section `lookups`: whom rules ask, and how long they wait. */
export declare const lookupsSection: import("zod").ZodReadonly<import("zod").ZodObject<{
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
    'local-address': import("zod").ZodPrefault<import("zod").ZodNullable<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<IpAddress, IpAddress>>>>;
}, import("zod/v4/core").$strict>>;
