import type { TemplateContext } from './template-context.js';
import type { TemplateProblem, TextTemplate } from './text-template.js';
/** What a reply's text may show. Values from the wire come as they are; rendering makes them safe. */
export interface ReplyValues {
    /** How long the client should wait before it tries again. */
    readonly waitMs: number;
    readonly delayMs: number;
    readonly client: string | undefined;
    readonly name: string | undefined;
    /** Empty for the null sender. */
    readonly from: string;
    readonly to: string;
    readonly id: string | undefined;
    /** The MTA's own name, macro `j`. */
    readonly host: string | undefined;
    /** The DNS lists that a rule has found the client in. */
    readonly dnsbl?: string | undefined;
    /** What the placeholders of any text show; they are empty without it. */
    readonly context?: TemplateContext | undefined;
}
/** The longest rendering of each placeholder; an IPv6 address has at most 45 characters. */
declare const LONGEST: {
    readonly wait: 7;
    readonly minutes: 7;
    readonly remaining: 13;
    readonly delay: 7;
    readonly client: 45;
    readonly name: 80;
    readonly from: 80;
    readonly to: 80;
    readonly domain: 80;
    readonly id: 80;
    readonly host: 80;
    readonly dnsbl: 80;
};
type Placeholder = keyof typeof LONGEST;
/** A reply's text, split at its placeholders. */
export type ReplyTemplate = TextTemplate<Placeholder>;
/**
 * Reads a reply's text, in which `{wait}` and its like stand for values, `{{` and `}}` for a brace.
 *
 * What an MTA chokes on is refused here, so that a reply is never replaced by an MTA's own, which
 * in Sendmail may be a permanent error: line ends and control characters, what is not US-ASCII
 * (Sendmail strips the eighth bit), a text without words, and one that may become longer than a
 * reply of several lines should be. A `%` is fine: the protocol's encoder doubles it.
 */
export declare function parseReplyTemplate(text: string): {
    readonly ok: ReplyTemplate;
} | TemplateProblem;
/** The text with its values: printable US-ASCII, as short as the template promised. */
export declare function renderReplyTemplate(template: ReplyTemplate, values: ReplyValues): string;
export {};
