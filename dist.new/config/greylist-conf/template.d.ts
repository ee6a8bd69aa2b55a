import type { FormatString } from './format-string.js';
/** A text in our own form, and the values that it cannot have. */
export interface Template {
    readonly text: string;
    /** As they were written: `%Fx`. */
    readonly missing: readonly string[];
}
/** Writes a text with `%` values as one with placeholders in braces; a value that there is not is empty. */
export declare function toTemplate({ parts }: FormatString): Template;
/** The text if it has no values in it. */
export declare function plainText({ parts }: FormatString): string | undefined;
