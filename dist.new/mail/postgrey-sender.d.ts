/**
 * The sender as Postgrey 1.37 has it in its keys, so that its records are found again and its numbers
 * stay comparable: without a BATV tag, cut at the first `+`, runs of digits between word boundaries
 * replaced, in lower case. Without an `@` it is only in lower case.
 *
 * @param text the address as the client wrote it, without brackets
 */
export declare function postgreySender(text: string): string;
/** The same for the part before the `@`. */
export declare function postgreyLocalPart(localPart: string): string;
