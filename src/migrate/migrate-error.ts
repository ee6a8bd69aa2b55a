/** Why an import cannot be had, or not all of it. */
export type MigrateErrorCode =
  /** It is not what it was said to be. */
  | 'IMPORT_NOT_UNDERSTOOD'
  /** It ends before its end; what is before that has been imported. */
  | 'IMPORT_CUT_OFF'
  /** A backup that is not what was written. */
  | 'BACKUP_DAMAGED'
  | 'IMPORT_NEWER_FORMAT'
  /** A file or a database that cannot be read. */
  | 'IMPORT_UNREADABLE'
  | 'IMPORT_PERMISSION'
  /** A program that reads it for us is missing. */
  | 'IMPORT_NEEDS_PROGRAM'
  /** The file of `--report` cannot be written. */
  | 'IMPORT_REPORT';

/** Something that cannot be imported; the message says what to do. */
export class MigrateError extends Error {
  readonly code: MigrateErrorCode;

  constructor(code: MigrateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrateError';
    this.code = code;
  }
}
