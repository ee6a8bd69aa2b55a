import { MigrateError } from '../migrate/migrate-error.js';
import { AdminError } from './admin-error.js';
import type { AdminErrorCode } from './admin-error.js';

/** Problem details (RFC 9457); `code` is one of the README's error codes. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** How a problem is sent. */
export interface ProblemInit {
  readonly status: number;
  readonly headers: { readonly 'content-type': 'application/problem+json' };
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const statusOfCode: Readonly<Record<AdminErrorCode, number>> = {
  ADMIN_BAD_REQUEST: 400,
  ADMIN_NOT_FOUND: 404,
  ADMIN_CONTENT_TYPE: 415,
  ADMIN_UNREACHABLE: 503,
  ADMIN_PERMISSION: 503,
  ADMIN_FAILED: 500,
};

/** What is told of an error. A bug's own words are for the log. */
export function problemOf(error: unknown): readonly [Problem, ProblemInit] {
  const { status, code, detail } = describe(error);
  const title = titles[status] ?? 'Error';
  return [
    { type: 'about:blank', title, status, detail, code },
    { status, headers: { 'content-type': 'application/problem+json' } },
  ];
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
