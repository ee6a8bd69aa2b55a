import { MigrateError } from '../migrate/migrate-error.js';
import { AdminError } from './admin-error.js';
import type { AdminErrorCode } from './admin-error.js';

/** Problem details (RFC 9457); `code` is one of the error codes of docs/log.md. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** What a problem is sent as. */
export const PROBLEM_TYPE = 'application/problem+json';

/** How a problem is sent. */
export interface ProblemInit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const statusOfCode: Readonly<Record<AdminErrorCode, number>> = {
  ADMIN_BAD_REQUEST: 400,
  ADMIN_NOT_FOUND: 404,
  ADMIN_METHOD: 405,
  ADMIN_CHANGED: 412,
  ADMIN_CONTENT_TYPE: 415,
  ADMIN_TOO_LARGE: 413,
  ADMIN_BAD_HTTP: 400,
  ADMIN_HOST: 421,
  ADMIN_TOKEN: 401,
  ADMIN_READ_ONLY: 403,
  ADMIN_UNREACHABLE: 503,
  ADMIN_PERMISSION: 503,
  ADMIN_FAILED: 500,
};

/** What is told of an error. A bug's own words are for the log. */
export function problemOf(error: unknown): readonly [Problem, ProblemInit] {
  const { status, code, detail } = describe(error);
  return [problemWith(status, code, detail), { status, headers: headersOf(status) }];
}

/** A problem with the title of its status. */
export function problemWith(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, code };
}

function headersOf(status: number): Readonly<Record<string, string>> {
  const type = { 'content-type': PROBLEM_TYPE };
  // Whose body we do not read does not get another request in behind it.
  if (status === 413) return { ...type, connection: 'close' };
  if (status !== 401) return type;
  return { ...type, connection: 'close', 'www-authenticate': 'Bearer realm="greymilter"' };
}

function describe(error: unknown): {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
} {
  if (error instanceof AdminError) {
    return { status: statusOfCode[error.code], code: error.code, detail: error.message };
  }
  if (error instanceof MigrateError) {
    return { status: 422, code: error.code, detail: error.message };
  }
  // Stores throw nothing else, and this folder does not know them.
  if (error instanceof Error && error.name === 'StoreError' && 'code' in error) {
    return { status: 503, code: String(error.code), detail: error.message };
  }
  return { status: 500, code: 'ADMIN_FAILED', detail: 'the log of the daemon says more' };
}
