/** What a peer, or a caller of this library, can do wrong. docs/log.md lists each with its meaning. */
export type PolicyErrorCode =
  /** A line of a request without `=`, or with nothing before it. */
  | 'POLICY_LINE_INVALID'
  | 'POLICY_LINE_TOO_LONG'
  /** A NUL byte in a request. */
  | 'POLICY_NUL'
  | 'POLICY_ATTRIBUTES_TOO_MANY'
  /** A request without `request=smtpd_access_policy`. */
  | 'POLICY_REQUEST_UNKNOWN'
  /** No empty line within the limit: the connection ends. */
  | 'POLICY_REQUEST_TOO_LONG'
  /** No empty line within the time for it: the connection ends. */
  | 'POLICY_REQUEST_UNFINISHED'
  /** The connection ended inside a request. */
  | 'POLICY_REQUEST_TRUNCATED'
  /** The peer does not read what it is sent. */
  | 'POLICY_PEER_NOT_READING'
  /** The peer has asked nothing for longer than an MTA keeps a connection. */
  | 'POLICY_IDLE'
  /** A bug, in this library or in its user: only this connection ends. */
  | 'POLICY_INTERNAL'
  /** An action that is not one printable line, or has no meaning; the caller's mistake. */
  | 'POLICY_ACTION_INVALID'
  /** MTA's end: an attribute that cannot be sent; the caller's mistake. */
  | 'POLICY_ATTRIBUTE_INVALID'
  /** MTA's end: nobody listens there, or the service closed the connection. */
  | 'POLICY_SERVICE_GONE'
  /** MTA's end: no answer within the deadline. */
  | 'POLICY_ANSWER_LATE'
  /** MTA's end: an answer without an action, or with bytes that do not belong there. */
  | 'POLICY_ANSWER_INVALID'
  | 'POLICY_ANSWER_TOO_LONG'
  /** MTA's end: an answer to nothing; Postfix takes it for the end of the connection. */
  | 'POLICY_ANSWER_UNEXPECTED'
  /** MTA's end: a question after `close`; the caller's mistake. */
  | 'POLICY_CLIENT_CLOSED';

/** Every failure of the protocol layer; nothing else escapes from parsing. */
export class PolicyProtocolError extends Error {
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PolicyProtocolError';
    this.code = code;
  }
}

/** Anything that was thrown, as an error of this layer. */
export function asProtocolError(error: unknown): PolicyProtocolError {
  if (error instanceof PolicyProtocolError) return error;
  return new PolicyProtocolError('POLICY_INTERNAL', 'bug: the connection cannot go on', {
    cause: error,
  });
}
