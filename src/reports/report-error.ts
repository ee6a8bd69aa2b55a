/** What can keep a log from being read. */
export type ReportErrorCode = 'REPORT_UNREADABLE' | 'REPORT_PERMISSION' | 'REPORT_DAMAGED';

/** A log cannot be read; the message says which, and why. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code: ReportErrorCode;

  constructor(code: ReportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
