import type { core } from 'zod';
import type { Path } from './settings.js';
/** Something wrong with a configuration, before it is put into words. */
export type SchemaIssue = {
    readonly path: Path;
} & ({
    readonly kind: 'unknown-key';
}
/** Another kind of value than the setting takes. */
 | {
    readonly kind: 'type';
} | {
    readonly kind: 'word';
    readonly words: readonly string[];
} | {
    readonly kind: 'range';
    readonly problem: string;
} | {
    readonly kind: 'value';
    readonly problem: string;
    readonly hint: string | undefined;
    /** Whether it is the key that is wrong. */
    readonly atKey?: boolean;
});
/** Something wrong between the parts of one value. */
export interface LocalIssue {
    readonly path: Path;
    readonly problem: string;
    readonly hint?: string | undefined;
    /** Whether it is the key that is wrong, not what stands behind it. */
    readonly atKey?: boolean;
}
/**
 * What the schema library objects to, in our words.
 *
 * @param base where the value stands that it was asked about
 */
export declare function neutral(issue: core.$ZodIssue, base: Path): readonly SchemaIssue[];
