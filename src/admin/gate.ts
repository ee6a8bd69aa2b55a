import type { Context, Hono } from 'hono';
import { AdminError } from './admin-error.js';
import { isOurHost, type HttpAccess } from './http-access.js';
import { isRead } from './audit.js';
import { notesOf } from './request-notes.js';
import { findToken, type Token } from './tokens.js';

/** What is wanted of a listener on TCP, as things are now. */
export type AccessNow = () => HttpAccess;

/** Refuses whoever calls us by a name that is not ours. It comes before anything else. */
export function addHostCheck(app: Hono, hosts: () => readonly string[]): void {
  app.use(async (context, next) => {
    const host = context.req.header('host');
    if (!isOurHost(host, hosts())) {
      const message = `"${host ?? ''}" is no name of this filter: see http.hosts`;
      throw new AdminError('ADMIN_HOST', message);
    }
    await next();
  });
}

/**
 * Refuses whoever has no token, and writes that are not allowed or that a page of somebody else
 * could have a browser send. What is open to everybody must be added before.
 */
export function addTokenCheck(app: Hono, access: AccessNow): void {
  app.use(async (context, next) => {
    const { write } = access();
    const token = tokenOf(context, access);
    if (token === undefined) {
      throw new AdminError(
        'ADMIN_TOKEN',
        'send "Authorization: Bearer" and a token: see http.token-file',
      );
    }
    const notes = notesOf(context.req.raw);
    notes.by = token.name;
    if (!isRead(context.req.method)) {
      if (!write)
        throw new AdminError('ADMIN_READ_ONLY', 'nothing can be changed here: see http.write');
      if (token.isReadOnly) {
        throw new AdminError('ADMIN_READ_ONLY', `the token ${token.name} is for reading alone`);
      }
      refuseForms(context);
    }
    await next();
  });
}

/** Whether who asks may change anything; over the admin socket everybody may. */
export function mayWrite(context: Context, access: AccessNow | undefined): boolean {
  if (access === undefined) return true;
  const token = tokenOf(context, access);
  return access().write && token !== undefined && !token.isReadOnly;
}

/** Whose token a request has; undefined if it has none of ours. */
export function tokenOf(context: Context, access: AccessNow): Token | undefined {
  const sent = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
  return sent === undefined ? undefined : findToken(access().tokens, sent);
}

// A form cannot send JSON, so a browser would ask us first whether it may (CORS), and is not told so.
function refuseForms(context: Context): void {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json' || type === 'application/x-ndjson') return;
  throw new AdminError('ADMIN_CONTENT_TYPE', 'what changes something is sent as application/json');
}
