import { encodePacket } from './packet-writer.js';

/** Libmilter's names of what a filter may answer to an event. */
export type ReplyKind =
  'continue' | 'accept' | 'reject' | 'tempfail' | 'discard' | 'replycode' | 'skip';

/** One answer to one event, ready to be sent. */
export interface Reply<Kind extends ReplyKind = ReplyKind> {
  readonly kind: Kind;
  readonly bytes: Buffer;
}

function plain<Kind extends ReplyKind>(kind: Kind, command: string): Reply<Kind> {
  return Object.freeze({ kind, bytes: encodePacket(command) });
}

/**
 * The answers without a payload, built once. Postfix takes a payload with them for an error.
 *
 * - `continue`: go on. The right answer for a recipient that passes.
 * - `accept`: no more events for this message (at CONNECT and HELO: for this session). At RCPT that
 *   lets every later recipient of the message pass unseen.
 * - `reject`, `tempfail`: 5xx, 4xx in the MTA's own words; at RCPT for this recipient only.
 * - `discard`: the client sees success, the whole message is thrown away, at RCPT as well.
 * - `skip`: no more body chunks, please. Answered as `continue` where it was not agreed on.
 */
export const replies = {
  continue: plain('continue', 'c'),
  accept: plain('accept', 'a'),
  reject: plain('reject', 'r'),
  tempfail: plain('tempfail', 't'),
  discard: plain('discard', 'd'),
  skip: plain('skip', 's'),
} as const;

/** Restarts the MTA's timer while the end of a message is being thought about. */
export const progressPacket = encodePacket('p');
