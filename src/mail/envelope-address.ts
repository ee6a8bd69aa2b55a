/** An envelope sender or recipient. */
export interface EnvelopeAddress {
  /** As the client wrote it, without angle brackets and ESMTP arguments; empty for the null sender. */
  readonly text: string;
  /** Local part without needless quotes, source route removed; empty for the null sender. */
  readonly localPart: string;
  /** Lower-case domain or address literal without a final dot; empty if there is none. */
  readonly domain: string;
}
