import type { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';

/** Reading the configuration again. A configuration that is refused is an answer as well. */
export function addReloadRoute(app: Hono, { logger, reload }: AdminDependencies): void {
  app.post('/v1/reload', async (context) => {
    if (reload === undefined) {
      throw new AdminError('ADMIN_NOT_FOUND', 'this filter has no configuration to read again');
    }
    logger.info('asked to reload');
    return context.json(await reload());
  });
}
