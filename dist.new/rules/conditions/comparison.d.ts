import type { LocalIssue } from '../../config/schema-issue.js';
import type { Evaluation, SchemaKinds } from '../condition.js';
import type { Operand } from '../operand.js';
/** The ways to compare a number, by their keys. */
declare const COMPARISONS: {
    readonly over: (number: number, operand: number) => boolean;
    readonly 'at-least': (number: number, operand: number) => boolean;
    readonly under: (number: number, operand: number) => boolean;
    readonly 'up-to': (number: number, operand: number) => boolean;
    readonly is: (number: number, operand: number) => boolean;
    readonly 'is-not': (number: number, operand: number) => boolean;
};
type Key = keyof typeof COMPARISONS;
/** Comparisons that must all hold. */
export type Comparison = {
    readonly [Way in Key]?: Operand | undefined;
};
/** The keys of a section that compares a number. */
export declare function comparisonShape({ numberOr, optional, text }: SchemaKinds, number: Parameters<SchemaKinds['numberOr']>[0], expects: string): {
    over: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'at-least': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    under: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'up-to': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    is: import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
    'is-not': import("zod").ZodOptional<import("zod").ZodType<number | import("../../greylist/text-template.js").PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | import("../../greylist/text-template.js").PlainTemplate, unknown>>>;
};
/** What is wrong with a comparison, each of whose parts is fine. */
export declare function checkComparison({ over, 'up-to': upTo, ...rest }: Comparison, example: string): readonly LocalIssue[];
/** Whether a number compares so. */
export declare function compares(number: number, comparison: Comparison, evaluation: Pick<Evaluation, 'texts'>): boolean;
export {};
