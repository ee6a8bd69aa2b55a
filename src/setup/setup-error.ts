import { fileProblem } from '../mail/file-problem.js';

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
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = wordsFor.get(code) ?? fileProblem(cause, 'write');
  return new SetupError(why === denied ? 'SETUP_PERMISSION' : 'SETUP_FILE', `${path}: ${why}`, {
    cause,
  });
}

const denied = 'no permission; try it as root';
const missing = 'there is no such file; --directory says where the mail server has its own';
const wordsFor: ReadonlyMap<string, string> = new Map([
  ['EACCES', denied],
  ['EPERM', denied],
  ['ENOENT', missing],
  ['ENOTDIR', missing],
]);
