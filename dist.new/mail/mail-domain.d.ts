/**
 * The one spelling of what stands behind the `@`: address literals as RFC 5321 section 4.1.3 writes
 * them, with the canonical address; names in lower case, in A-labels, without final dots.
 */
export declare function canonicalMailDomain(written: string): string;
