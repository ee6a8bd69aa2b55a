import type { Hono } from 'hono';
import { AdminError } from './admin-error.js';

/** What we are asked stands in paths and queries; a body has room for them all. */
const MAX_BODY_BYTES = 64 * 1024;

/** What is read while it comes, and may be as long as a store. */
const streamed: readonly string[] = ['/v1/import'];

/** Refuses bodies that nobody would read to the end. */
export function addBodyLimit(app: Hono): void {
  app.use(async (context, next) => {
    const length = context.req.header('content-length');
    const isLong = Number(length ?? 0) > MAX_BODY_BYTES;
    const isEndless = context.req.header('transfer-encoding') !== undefined;
    if ((isLong || isEndless) && !streamed.includes(context.req.path)) {
      const message = `a body here has at most ${MAX_BODY_BYTES} bytes, and a Content-Length`;
      throw new AdminError('ADMIN_TOO_LARGE', message);
    }
    await next();
  });
}
