/** An envelope sender or recipient. */
export interface EnvelopeAddress {
    /** As the client wrote it, without angle brackets and ESMTP arguments; empty for the null sender. */
    readonly text: string;
    /** Local part without needless quotes, source route removed; empty for the null sender. */
    readonly localPart: string;
    /**
     * Lower-case domain in A-labels, or address literal, without a final dot; empty if there is none.
     */
    readonly domain: string;
}
/** The null sender `<>` (RFC 5321 section 4.5.5). */
export declare const NULL_SENDER: EnvelopeAddress;
/**
 * Reads the first string of MAIL or RCPT as the MTA passes it on, or what an administrator typed.
 * Brackets may be missing (Postfix's local submission, which also has the empty string for `<>`);
 * arguments may stick behind the `>` (Sendmail before 8.18 with SMTPUTF8). Never throws: whatever
 * the MTA let through has an address, and only the null sender has an empty one.
 */
export declare function parseEnvelopeAddress(raw: string): EnvelopeAddress;
/** `@a,@b:user@domain` is `user@domain` (RFC 5321 appendix C); a route to nothing is none. */
export declare function withoutSourceRoute(path: string): string;
