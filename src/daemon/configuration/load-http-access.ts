import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { HttpAccess } from '../../admin/http-access.js';
import { parseTokens } from '../../admin/tokens.js';
import type { Config } from '../../config/schema.js';
import { fileProblem } from '../../mail/file-problem.js';
import { describeError } from '../process/describe-error.js';

/** Why nobody can be let in over TCP. */
export type HttpAccessErrorCode = 'HTTP_TOKEN_FILE' | 'HTTP_CERTIFICATE';

/** Files of `http` that are of no use; the message says which, and why. */
export class HttpAccessError extends Error {
  readonly code: HttpAccessErrorCode;

  constructor(code: HttpAccessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HttpAccessError';
    this.code = code;
  }
}

/** Who may do what at `listen.http`, and what is spoken there. */
export interface LoadedHttpAccess extends HttpAccess {
  readonly tls: SecureContext | undefined;
}

/**
 * Reads the files that `http` names.
 *
 * @returns undefined if nothing listens there
 * @throws HttpAccessError
 */
export async function loadHttpAccess({
  listen,
  http,
}: Pick<Config, 'listen' | 'http'>): Promise<LoadedHttpAccess | undefined> {
  const path = http['token-file'];
  if (listen.http === null || path === null) return undefined;
  const parsed = parseTokens(await read(path, 'HTTP_TOKEN_FILE'));
  if (!('ok' in parsed)) {
    throw new HttpAccessError('HTTP_TOKEN_FILE', `http.token-file: ${path} ${parsed.problem}`);
  }
  const tls = http.tls === null ? undefined : await loadCertificate(http.tls);
  return { tokens: parsed.ok, hosts: http.hosts, write: http.write, tls };
}

async function loadCertificate(files: NonNullable<Config['http']['tls']>): Promise<SecureContext> {
  const cert = await read(files.certificate, 'HTTP_CERTIFICATE');
  const key = await read(files.key, 'HTTP_CERTIFICATE');
  try {
    return createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const message = `http.tls: ${files.certificate} and ${files.key} are no certificate with its key: ${describeError(cause).error}`;
    throw new HttpAccessError('HTTP_CERTIFICATE', message, { cause });
  }
}

async function read(path: string, code: HttpAccessErrorCode): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const message = `cannot read ${path}: ${fileProblem(cause, 'read')}`;
    throw new HttpAccessError(code, message, { cause });
  }
}
