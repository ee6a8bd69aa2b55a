import { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { addExceptionRoutes } from './exception-routes.js';
import { addMonitoring } from './monitoring.js';
import { addPageRoutes, refuseOtherSites } from './page-routes.js';
import { problemOf } from './problem.js';
import { addReloadRoute } from './reload-route.js';
import { addRecordRoutes, addReleaseRoutes } from './record-routes.js';
import { addStatisticsRoutes } from './statistics-routes.js';

/** Answers one request of the Fetch API. */
export type AdminHandler = (request: Request) => Response | Promise<Response>;

/**
 * The admin interface: JSON over HTTP, below a version. Errors are problem details (RFC 9457) with a
 * `code`; whatever changes something leaves a line in the log.
 */
export function createAdminApp(dependencies: AdminDependencies): AdminHandler {
  const { logger, status } = dependencies;
  const app = new Hono();
  refuseOtherSites(app);
  addMonitoring(app, dependencies.monitoring);
  app.get('/v1/status', async (context) => context.json(await status()));
  addRecordRoutes(app, dependencies);
  addReleaseRoutes(app, dependencies);
  addExceptionRoutes(app, dependencies);
  addReloadRoute(app, dependencies);
  addStatisticsRoutes(app, dependencies);
  addPageRoutes(app);
  app.notFound((context) => {
    const missing = new AdminError('ADMIN_NOT_FOUND', `there is no ${context.req.path}`);
    return Response.json(...problemOf(missing));
  });
  app.onError((error) => {
    const [problem, init] = problemOf(error);
    if (init.status >= 500) {
      logger.error('the admin interface has failed', { code: problem.code, error: error.message });
    }
    return Response.json(problem, init);
  });
  return (request) => app.fetch(request);
}
