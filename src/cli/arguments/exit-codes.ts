/** Exit codes, those of sysexits.h; docs/log.md lists them. */
export const exitCodes = {
  done: 0,
  /** The answer is no. */
  no: 1,
  usage: 64,
  /** Bad data or configuration. */
  data: 65,
  /** The daemon or the store cannot be reached. */
  unavailable: 69,
  /** A bug. */
  software: 70,
  cannotCreate: 73,
  /** The answer could not be written. */
  output: 74,
  permission: 77,
} as const;

/** Which of our coded errors end the program with which exit code; any other is a bug. */
const byCode: ReadonlyMap<string, number> = new Map([
  ['CONFIG_INVALID', exitCodes.data],
  ['CONFIG_NOT_FOUND', exitCodes.data],
  ['CONFIG_PERMISSION', exitCodes.permission],
  ['CONFIG_UNREADABLE', exitCodes.data],
  ['CONFIG_TOO_LARGE', exitCodes.data],
  ['CONFIG_NOT_TEXT', exitCodes.data],
  ['STORE_LOCKED', exitCodes.unavailable],
  ['STORE_NOT_OURS', exitCodes.unavailable],
  ['STORE_NEWER_FORMAT', exitCodes.unavailable],
  ['STORE_DAMAGED', exitCodes.unavailable],
  ['STORE_REMOVED', exitCodes.unavailable],
  ['STORE_UNAVAILABLE', exitCodes.unavailable],
  ['STORE_NOT_CLOSED', exitCodes.unavailable],
  ['STORE_SHARED', exitCodes.usage],
  ['STORE_PERMISSION', exitCodes.permission],
  ['STORE_SETTINGS', exitCodes.data],
  ['LISTENER_IN_USE', exitCodes.cannotCreate],
  ['LISTENER_PATH', exitCodes.cannotCreate],
  ['LISTENER_FAILED', exitCodes.cannotCreate],
  ['LISTENER_PERMISSION', exitCodes.permission],
  ['LISTENER_NOT_CONFIGURED', exitCodes.data],
  ['PID_FILE_IN_USE', exitCodes.cannotCreate],
  ['PID_FILE_FAILED', exitCodes.cannotCreate],
  ['GEO_UNREADABLE', exitCodes.data],
  ['GEO_INVALID', exitCodes.data],
  ['RESOLVER_INVALID', exitCodes.data],
  ['PASSWORD_UNREADABLE', exitCodes.data],
  ['LOG_CANNOT_OPEN', exitCodes.cannotCreate],
  ['LOG_KEY_UNUSABLE', exitCodes.data],
  ['IMPORT_NOT_UNDERSTOOD', exitCodes.data],
  ['IMPORT_CUT_OFF', exitCodes.data],
  ['BACKUP_DAMAGED', exitCodes.data],
  ['IMPORT_NEWER_FORMAT', exitCodes.data],
  ['IMPORT_UNREADABLE', exitCodes.data],
  ['IMPORT_PERMISSION', exitCodes.permission],
  ['IMPORT_NEEDS_PROGRAM', exitCodes.unavailable],
  ['IMPORT_REPORT', exitCodes.cannotCreate],
  ['REPORT_UNREADABLE', exitCodes.data],
  ['REPORT_PERMISSION', exitCodes.permission],
  ['REPORT_DAMAGED', exitCodes.data],
  ['ADMIN_BAD_REQUEST', exitCodes.usage],
  ['ADMIN_NOT_FOUND', exitCodes.no],
  ['ADMIN_METHOD', exitCodes.unavailable],
  ['ADMIN_CHANGED', exitCodes.no],
  ['ADMIN_CONTENT_TYPE', exitCodes.unavailable],
  ['ADMIN_TOO_LARGE', exitCodes.unavailable],
  ['ADMIN_BAD_HTTP', exitCodes.unavailable],
  ['ADMIN_HOST', exitCodes.permission],
  ['ADMIN_TOKEN', exitCodes.permission],
  ['ADMIN_READ_ONLY', exitCodes.permission],
  ['ADMIN_UNREACHABLE', exitCodes.unavailable],
  ['ADMIN_PERMISSION', exitCodes.permission],
  ['ADMIN_FAILED', exitCodes.unavailable],
  ['SECRET_EXPOSED', exitCodes.data],
  ['HTTP_TOKEN_FILE', exitCodes.data],
  ['HTTP_CERTIFICATE', exitCodes.data],
  ['ACCOUNT_UNKNOWN', exitCodes.data],
  ['SETUP_PROGRAM', exitCodes.unavailable],
  ['SETUP_FILE', exitCodes.cannotCreate],
  ['SETUP_PERMISSION', exitCodes.permission],
  ['SETUP_UNREACHABLE', exitCodes.data],
  ['SETUP_NOT_UNDERSTOOD', exitCodes.data],
  ['USER_PERMISSION', exitCodes.permission],
]);

/** The exit code for an error of ours; undefined for a bug. */
export function exitCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? exitCodeForCode(error.code)
    : undefined;
}

/** The exit code for the code of an error of ours; undefined for any other. */
export function exitCodeForCode(code: string | undefined): number | undefined {
  return code === undefined ? undefined : byCode.get(code);
}
