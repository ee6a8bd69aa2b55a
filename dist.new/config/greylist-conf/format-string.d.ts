/** Values that a text of milter-greylist's can have in it, without an argument, by their letters. */
export declare const FORMAT_TOKENS: readonly ["r", "mr", "sr", "f", "mf", "sf", "i", "j", "d", "md", "sd", "h", "S", "A", "a", "cA", "ca", "Xc", "Xe", "Xm", "Xh", "E", "Et", "Eh", "Em", "Es", "R", "Rt", "Rh", "Rm", "Rs", "G", "v", "V", "t", "D", "C", "Fx", "Hs", "pn", "pv", "pr", "Qs", "Qd", "QA", "QS"];
export type FormatToken = (typeof FORMAT_TOKENS)[number];
export type FormatPart = {
    readonly kind: 'literal';
    readonly text: string;
} | {
    readonly kind: 'value';
    readonly token: FormatToken;
}
/** `%I{/24}` */
 | {
    readonly kind: 'masked-client';
    readonly bits: number;
}
/** `%M{auth_type}` or `%Mi`; the name is without braces. */
 | {
    readonly kind: 'macro';
    readonly name: string;
}
/** `%T{%Y-%m-%d}`: the local time as strftime writes it. */
 | {
    readonly kind: 'time';
    readonly format: string;
}
/** `%g{\1}` */
 | {
    readonly kind: 'group';
    readonly number: number;
} | {
    readonly kind: 'property';
    readonly name: string;
};
/** A text with `%`-values in it. */
export interface FormatString {
    /** As it was written, without the quotes. */
    readonly text: string;
    readonly parts: readonly FormatPart[];
}
/**
 * Reads a text with `%`-values. `%%` is a percent sign, also before a letter, and so is one at the end
 * (milter-greylist takes `%%r` for `%r` and loses the last one); what is no value stays as it is.
 */
export declare function parseFormat(text: string): FormatString;
/** The same for a text in which backslashes are escapes as in C. */
export declare function parseEscapedFormat(text: string): FormatString;
