import type { Parsed } from './parsed.js';
/** Where records of activity go, as it is written and as it is meant. */
export type WrittenActivityTarget = {
    readonly kind: 'file';
    readonly text: string;
    readonly path: string;
    readonly isAppended: boolean;
} | {
    readonly kind: 'pipe';
    readonly text: string;
    readonly command: string;
};
/** Reads `append:PATH`, `file:PATH` or `pipe:COMMAND`. */
export declare function parseActivityTarget(written: string): Parsed<WrittenActivityTarget>;
/** The section `activity`. */
export declare const activitySection: import("zod").ZodUnion<readonly [import("zod").ZodCodec<import("zod").ZodLiteral<"off">, import("zod").ZodNull>, import("zod").ZodNull, import("zod").ZodReadonly<import("zod").ZodObject<{
    to: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<WrittenActivityTarget, WrittenActivityTarget>>;
    format: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<import("../greylist/text-template.js").PlainTemplate, import("../greylist/text-template.js").PlainTemplate>>;
}, import("zod/v4/core").$strict>>]>;
