import type { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { notesOf } from './request-notes.js';

/** Whether a method changes nothing (RFC 9110 section 9.2.1). */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Writes a line for each request that changes something, or would: who, what, how many records, and
 * with which success. Whoever is nobody has his refusals counted elsewhere.
 */
export function addAudit(app: Hono, { logger }: Pick<AdminDependencies, 'logger'>): void {
  app.use(async (context, next) => {
    await next();
    const { method, raw } = context.req;
    const { by, peer, records } = notesOf(raw);
    if (isRead(method) || by === undefined) return;
    const { pathname, search } = new URL(raw.url);
    logger.info('admin request', {
      ...{ by, peer, what: `${method} ${pathname}${search}` },
      ...{ records, status: context.res.status },
    });
  });
}
