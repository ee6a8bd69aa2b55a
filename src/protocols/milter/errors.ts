/** What a peer, or a caller of this library, can do wrong. README lists each with its meaning. */
export type MilterErrorCode =
  /** A length word of zero: there is not even a command byte. */
  | 'MILTER_PACKET_EMPTY'
  /** A length word above the limit. */
  | 'MILTER_PACKET_TOO_LONG'
  /** The connection ended inside a packet. */
  | 'MILTER_PACKET_TRUNCATED'
  /** A payload that ends before what the command needs. */
  | 'MILTER_PAYLOAD_TOO_SHORT'
  | 'MILTER_UNKNOWN_COMMAND'
  /** The first packet was not the negotiation. */
  | 'MILTER_NOT_NEGOTIATED'
  /** A second negotiation on one connection. */
  | 'MILTER_NEGOTIATED_TWICE'
  /** The offer is shorter than three words, or its version is below 2. */
  | 'MILTER_OFFER_UNUSABLE'
  /** The MTA does not read what it is sent. */
  | 'MILTER_PEER_NOT_READING'
  /** The MTA has been silent for longer than any SMTP session is. */
  | 'MILTER_IDLE'
  /** A bug, in this library or in a filter's factory: only this connection ends. */
  | 'MILTER_INTERNAL'
  /** A reply or a modification that no MTA would take; the caller's mistake. */
  | 'MILTER_REPLY_INVALID'
  /** A modification whose action was not agreed on; the caller's mistake. */
  | 'MILTER_ACTION_NOT_NEGOTIATED';

/** Every failure of the protocol layer; nothing else escapes from decoding. */
export class MilterProtocolError extends Error {
  readonly code: MilterErrorCode;

  constructor(code: MilterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MilterProtocolError';
    this.code = code;
  }
}
