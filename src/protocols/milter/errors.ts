/** What a peer, or a caller of this library, can do wrong. docs/log.md lists each with its meaning. */
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
  /** No offer, or not the rest of a packet, in a time in which every MTA has sent it. */
  | 'MILTER_PEER_SLOW'
  /** The MTA has been silent for longer than any SMTP session is. */
  | 'MILTER_IDLE'
  /** A bug, in this library or in a filter's factory: only this connection ends. */
  | 'MILTER_INTERNAL'
  /** A reply or a modification that no MTA would take; the caller's mistake. */
  | 'MILTER_REPLY_INVALID'
  /** A modification whose action was not agreed on; the caller's mistake. */
  | 'MILTER_ACTION_NOT_NEGOTIATED'
  /** MTA's end: the filter answered an offer with less than three words, or a version not offered. */
  | 'MILTER_AGREEMENT_UNUSABLE'
  /** MTA's end: the filter asked for actions or steps that were not offered. */
  | 'MILTER_AGREEMENT_EXCEEDS_OFFER'
  /** MTA's end: the filter's macro lists cannot be read, or come without their action bit. */
  | 'MILTER_MACRO_LISTS_INVALID'
  /** MTA's end: an answer that was not asked for, or a second one. */
  | 'MILTER_ANSWER_UNEXPECTED'
  /** MTA's end: a letter that no filter says. */
  | 'MILTER_ANSWER_UNKNOWN'
  /** MTA's end: no answer, or no further change or progress, within the deadline. */
  | 'MILTER_ANSWER_LATE'
  /** MTA's end: a verdict at an event, or in a session, that does not take it. */
  | 'MILTER_VERDICT_MISPLACED'
  /** MTA's end: a payload behind a verdict that has none. */
  | 'MILTER_VERDICT_WITH_PAYLOAD'
  /** MTA's end: a custom reply that one of the MTAs would turn into something else. */
  | 'MILTER_CUSTOM_REPLY_INVALID'
  /** MTA's end: progress at another event than the end of the message. */
  | 'MILTER_PROGRESS_MISPLACED'
  /** MTA's end: a change at another event than the end of the message. */
  | 'MILTER_CHANGE_MISPLACED'
  /** MTA's end: a change of a kind that was not agreed on. */
  | 'MILTER_CHANGE_NOT_NEGOTIATED'
  /** MTA's end: a change that ends too early, lacks a NUL or has bytes behind it. */
  | 'MILTER_CHANGE_INVALID'
  /** MTA's end: another change between two parts of a new body. */
  | 'MILTER_BODY_NOT_CONTIGUOUS'
  /** MTA's end: the filter closed the connection. */
  | 'MILTER_FILTER_GONE'
  /** MTA's end: events before the negotiation, after the end, or two at a time; the caller's mistake. */
  | 'MILTER_SESSION_MISUSED';

/** Every failure of the protocol layer; nothing else escapes from decoding. */
export class MilterProtocolError extends Error {
  readonly code: MilterErrorCode;

  constructor(code: MilterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MilterProtocolError';
    this.code = code;
  }
}
