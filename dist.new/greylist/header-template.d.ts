import type { TemplateContext } from './template-context.js';
import type { TemplateProblem, TextTemplate } from './text-template.js';
/** What the header that tells of a delay may show. */
export interface HeaderValues {
    /** The longest delay among the message's recipients; undefined if none was delayed. */
    readonly delayedMs: number | undefined;
    /** The MTA's own name. */
    readonly host: string;
    /** Of this program. */
    readonly version: string;
    readonly now: number;
    /** Why it was not delayed, in milter-greylist's words; undefined where nobody has looked. */
    readonly reasons?: string | undefined;
    /** What the placeholders of any text show; they are empty without it. */
    readonly context?: TemplateContext | undefined;
}
/** The longest rendering of each placeholder; a host name has at most 253 characters. */
declare const LONGEST: {
    readonly status: 24;
    readonly delayed: 16;
    readonly host: 253;
    readonly version: 64;
    readonly date: 31;
    readonly 'milter-greylist': 480;
};
type Placeholder = keyof typeof LONGEST;
/** The value of the header, split at its placeholders. */
export type HeaderTemplate = TextTemplate<Placeholder>;
/** Reads the header's value, in which `{delayed}` and its like stand for values. */
export declare function parseHeaderTemplate(text: string): {
    readonly ok: HeaderTemplate;
} | TemplateProblem;
/** The value of the header: one line of printable US-ASCII. */
export declare function renderHeaderTemplate(template: HeaderTemplate, values: HeaderValues): string;
export {};
