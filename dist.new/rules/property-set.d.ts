import type { Parsed } from '../config/parsed.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import type { Evaluation, SchemaKinds } from './condition.js';
import type { PropertyScope } from './properties.js';
/** What a property is given: a text, or one with its way and its scope. */
type Assignment = PlainTemplate | number | {
    readonly to?: PlainTemplate | number | undefined;
    readonly add?: PlainTemplate | number | undefined;
    readonly subtract?: PlainTemplate | number | undefined;
    readonly scope?: PropertyScope | undefined;
};
/** Properties by their names. */
export type Assignments = Readonly<Record<string, Assignment>>;
/** How properties are set in the configuration. */
export declare function assignmentsSchema(kinds: SchemaKinds): import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>]>, import("zod").ZodReadonly<import("zod").ZodObject<{
    to: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>]>>;
    add: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>]>>;
    subtract: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>]>>;
    scope: import("zod").ZodOptional<import("zod").ZodEnum<{
        recipient: "recipient";
        message: "message";
    }>>;
}, import("zod/v4/core").$strict>>]>>>;
/** Reads the name of a property. */
export declare function parsePropertyName(name: string): Parsed<string>;
/** Sets the properties, one after the other: each sees what those before it are by then. */
export declare function assign(assignments: Assignments, evaluation: Evaluation): void;
/** The texts among what is set, for what they need of the MTA. */
export declare function templatesIn(assignments: Assignments): readonly PlainTemplate[];
export {};
