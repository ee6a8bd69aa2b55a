import * as kinds from './schema-kinds.js';
/** A file of entries: one of ours, or one of Postgrey's. */
export interface WrittenFile {
    readonly file?: string | undefined;
    readonly postgrey?: string | undefined;
}
/** An entry of a list, or a file that has entries. */
export type WrittenItem = {
    readonly text: string;
} | WrittenFile;
/** The section `lists`: entries that rules refer to by `list:NAME`. */
export declare const listsSection: import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodReadonly<import("zod").ZodObject<{
    clients: import("zod").ZodOptional<import("zod").ZodType<readonly (Readonly<{
        file?: string | undefined;
        postgrey?: string | undefined;
    }> | Readonly<{
        file: string;
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
    }> | WrittenItem)[], string | Readonly<{
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
}, import("zod/v4/core").$strict>>>>;
/** Lists as they are written, by their names. */
export type WrittenLists = kinds.Output<typeof listsSection>;
