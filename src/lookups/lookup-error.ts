/** What keeps lookups from being made ready. What goes wrong later is an answer, not an error. */
export type LookupErrorCode =
  'GEO_UNREADABLE' | 'GEO_INVALID' | 'RESOLVER_INVALID' | 'PASSWORD_UNREADABLE';

/** Lookups that cannot be what their settings say. */
export class LookupError extends Error {
  override readonly name = 'LookupError';
  readonly code: LookupErrorCode;

  constructor(code: LookupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
