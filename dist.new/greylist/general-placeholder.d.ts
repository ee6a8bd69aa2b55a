import type { TemplateContext } from './template-context.js';
import type { TemplateProblem } from './text-template.js';
/** A placeholder that stands in any text: `{helo}`, `{macro:j}`. */
export interface GeneralPlaceholder {
    readonly name: string;
    /** Behind the colon; empty for those without one. */
    readonly argument: string;
}
/** Reads what stands between the braces; undefined if it is none of these. */
export declare function parseGeneralPlaceholder(written: string): {
    readonly ok: GeneralPlaceholder;
} | TemplateProblem | undefined;
/** The macros that placeholders show, for the MTA to be asked for. */
export declare function macrosOf(placeholders: readonly (GeneralPlaceholder | string)[]): readonly string[];
/** The value as it is: whoever shows it makes it safe. */
export declare function renderGeneral({ name, argument }: GeneralPlaceholder, context: TemplateContext): string;
