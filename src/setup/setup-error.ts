import { codeOf, fileProblem, isForbidden } from '../mail/file-problem.js';

/** Why a mail server cannot be set up. */
export type SetupErrorCode =
  /** A program of the mail server is missing, or it failed. */
  | 'SETUP_PROGRAM'
  /** A file of the mail server cannot be read or written. */
  | 'SETUP_FILE'
  | 'SETUP_PERMISSION'
  /** The filter listens nowhere that the mail server can reach. */
  | 'SETUP_UNREACHABLE'
  /** The mail server's configuration is not as it can be changed here. */
  | 'SETUP_NOT_UNDERSTOOD';

/** A mail server that cannot be set up; the message says what to do. */
export class SetupError extends Error {
  readonly code: SetupErrorCode;

  constructor(code: SetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SetupError';
    this.code = code;
  }
}

/** What a failed access to a file means. */
export function fileError(path: string, cause: unknown): SetupError {
  if (isForbidden(cause)) {
    const message = `${path}: no permission; try it as root`;
    return new SetupError('SETUP_PERMISSION', message, { cause });
  }
  const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(cause) ?? '');
  const why = isMissing ? missing : fileProblem(cause, 'write');
  return new SetupError('SETUP_FILE', `${path}: ${why}`, { cause });
}

const missing = 'there is no such file; --directory says where the mail server has its own';
