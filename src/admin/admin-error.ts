/** Why the admin interface does not do what it was asked. */
export type AdminErrorCode =
  /** The question makes no sense; the message says what of it. */
  | 'ADMIN_BAD_REQUEST'
  /** There is no such record, or no such path. */
  | 'ADMIN_NOT_FOUND'
  /** The path is there, and does not take that method. */
  | 'ADMIN_METHOD'
  /** A record is not as whoever changes it has seen it. */
  | 'ADMIN_CHANGED'
  /** What was sent is no JSON lines, or no JSON. */
  | 'ADMIN_CONTENT_TYPE'
  /** A body that nobody would read. */
  | 'ADMIN_TOO_LARGE'
  /** HTTP that nobody understands. */
  | 'ADMIN_BAD_HTTP'
  /** Somebody calls the filter by a name that is not its own. */
  | 'ADMIN_HOST'
  /** Whoever asks over TCP has no token of ours. */
  | 'ADMIN_TOKEN'
  /** Nothing may be changed there, or not with that token. */
  | 'ADMIN_READ_ONLY'
  /** The daemon does not answer, or not as one of ours. */
  | 'ADMIN_UNREACHABLE'
  | 'ADMIN_PERMISSION'
  /** The daemon has failed; its log says more. */
  | 'ADMIN_FAILED';

/** What the admin interface, or its client, refuses. */
export class AdminError extends Error {
  readonly code: AdminErrorCode;

  constructor(code: AdminErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AdminError';
    this.code = code;
  }
}
