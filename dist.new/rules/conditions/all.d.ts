import type { WrittenCondition } from '../../config/rules-section.js';
import type { AnyConditionKind, ConditionKind, SchemaKinds } from '../condition.js';
/** Kinds of conditions by their keys. */
export type ConditionTable = Readonly<Record<string, AnyConditionKind>>;
declare function schemaOf(kinds: SchemaKinds, table: ConditionTable): import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
    any: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
        [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
    }, import("zod/v4/core").$strict>>>>>;
    not: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodObject<{
        any: import("zod").ZodOptional<import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodReadonly<import("zod").ZodObject<{
            [k: string]: import("zod").ZodOptional<import("zod").ZodCodec<import("zod/v4/core").$ZodType<unknown, unknown, import("zod/v4/core").$ZodTypeInternals<unknown, unknown>>, import("zod").ZodCustom<WrittenCondition, WrittenCondition>>>;
        }, import("zod/v4/core").$strict>>>>>;
    }, import("zod/v4/core").$strict>>>;
    'on-unknown': import("zod").ZodOptional<import("zod").ZodEnum<{
        match: "match";
        "no-match": "no-match";
    }>>;
}, import("zod/v4/core").$strict>>>>;
/**
 * Conditions that are asked one after the other, as they are written: for rules that need several of
 * a kind, several exceptions, alternatives of different kinds, or a certain order.
 *
 * @param table the kinds of conditions that may stand in it
 */
export declare function allCondition(table: ConditionTable): ConditionKind<ReturnType<typeof schemaOf>>;
export {};
