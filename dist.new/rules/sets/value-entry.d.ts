import type { Parsed } from '../../config/parsed.js';
import type { Pattern } from '../pattern.js';
/** Some values of anything else: logins, macros, header fields. Letter case matters. */
export type ValueEntry = {
    readonly kind: 'value';
    readonly text: string;
    readonly value: string;
} | {
    readonly kind: 'pattern';
    readonly text: string;
    readonly pattern: Pattern;
};
/**
 * Reads a value as it is, or a pattern, which is one that begins and ends with a slash: values may
 * be paths, or begin with a slash as certificate subjects do.
 */
export declare function parseValueEntry(text: string): Parsed<ValueEntry>;
