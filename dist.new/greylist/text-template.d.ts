import type { GeneralPlaceholder } from './general-placeholder.js';
import type { TemplateContext } from './template-context.js';
/** A text with placeholders, split at them: a literal before each of them and one at the end. */
export interface TextTemplate<Name extends string = never> {
    /** As it was written. */
    readonly text: string;
    readonly literals: readonly string[];
    /** Those of this kind of text by their names, and those that any text may have. */
    readonly placeholders: readonly (Name | GeneralPlaceholder)[];
    /** How long the value of one that any text may have can become. */
    readonly valueLength: number;
}
/** Why a text is none. */
export interface TemplateProblem {
    readonly problem: string;
    readonly hint?: string;
}
/** What a text may show, and how long it may become. */
export interface TemplateSpec<Name extends string> {
    /** The longest rendering of each placeholder that only this kind of text has. */
    readonly longest: Readonly<Record<Name, number>>;
    readonly maxBytes: number;
    /** What holds so many, as in "a reply line". */
    readonly holder: string;
    /** A line of printable US-ASCII, unless it says that any text is fine. */
    readonly allows?: 'line' | 'text';
}
/**
 * Reads a text in which `{name}` stands for a value, and `{{` and `}}` for a brace. It is refused if
 * it may become too long.
 */
export declare function parseTextTemplate<Name extends string>(text: string, { longest, maxBytes, holder, allows }: TemplateSpec<Name>): {
    readonly ok: TextTemplate<Name>;
} | TemplateProblem;
/**
 * The text with its values.
 *
 * @param context what general placeholders show; they are empty without it
 * @param clean takes out of a general value what the text cannot have
 */
export declare function fillTemplate<Name extends string>(template: TextTemplate<Name>, render: (placeholder: Name) => string, context: TemplateContext | undefined, clean?: (value: string, maxLength: number) => string): string;
/** Printable US-ASCII, each other character a `?`, and never too long; `unknown` if there is none. */
export declare function visible(value: string | undefined, maxLength: number): string;
/** A text that stands for itself: a line of a log, a property, a part of a URL. */
export type PlainTemplate = TextTemplate;
/** Reads a text of any characters, of several lines too, that has general placeholders alone. */
export declare function parsePlainTemplate(text: string): {
    readonly ok: PlainTemplate;
} | TemplateProblem;
/** The text with its values, in which no value begins another line. */
export declare function renderPlainTemplate(template: PlainTemplate, context: TemplateContext): string;
/** A line of a header field. */
export type LineTemplate = TextTemplate;
/** Reads a line of printable US-ASCII that has general placeholders alone. */
export declare function parseLineTemplate(text: string): {
    readonly ok: LineTemplate;
} | TemplateProblem;
/** The line with its values: printable US-ASCII. */
export declare function renderLineTemplate(template: LineTemplate, context: TemplateContext): string;
