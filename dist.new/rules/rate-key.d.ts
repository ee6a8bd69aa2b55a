import type { Parsed } from '../config/parsed.js';
import type { GeneralPlaceholder } from '../greylist/general-placeholder.js';
import type { TemplateContext } from '../greylist/template-context.js';
import type { Stage } from '../greylist/attempt.js';
/** When MTAs tell each field. */
declare const FIELDS: {
    readonly client: "connect";
    readonly network: "connect";
    readonly name: "connect";
    readonly helo: "helo";
    readonly login: "mail";
    readonly sender: "mail";
    readonly 'sender-domain': "mail";
    readonly recipient: "rcpt";
    readonly 'recipient-domain': "rcpt";
};
type Field = keyof typeof FIELDS;
/** By what something is counted apart: fields of an attempt with text around them. */
export interface RateKey {
    /** As it was written. */
    readonly text: string;
    readonly fields: readonly (Field | GeneralPlaceholder)[];
    /** Before, between and behind the fields. */
    readonly literals: readonly string[];
}
/** Reads a field alone, `client`, or a template, `{client} {sender}`. */
export declare function parseRateKey(text: string): Parsed<RateKey>;
/** Writes what {@link parseRateKey} reads. */
export declare function formatRateKey(key: RateKey): string;
/** The first stage at which all fields are known. */
export declare function stageOfRateKey({ fields }: RateKey): Stage;
/** The key by which it is counted, in which no value can pass for two, and the text for people. */
export declare function renderRateKey({ fields, literals }: RateKey, texts: TemplateContext): {
    readonly key: string;
    readonly text: string;
};
export {};
