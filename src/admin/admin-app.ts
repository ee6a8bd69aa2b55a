import { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { addAudit } from './audit.js';
import { addBodyLimit } from './body-limit.js';
import { addChangeRoutes } from './change-routes.js';
import { addCompactRoute } from './compact-route.js';
import { addDecisionRoutes } from './decision-routes.js';
import { addExceptionRoutes } from './exception-routes.js';
import { addHostCheck, addTokenCheck, mayWrite, tokenOf, type AccessNow } from './gate.js';
import { methodsAt } from './known-methods.js';
import { addHealth, addMetrics } from './monitoring.js';
import { addOpenApi } from './openapi/document.js';
import { addPageRoutes, refuseOtherSites } from './page-routes.js';
import { problemOf } from './problem.js';
import { addRecordRoutes, addReleaseRoutes } from './record-routes.js';
import { addReloadRoute } from './reload-route.js';
import { beginNotes, notesOf } from './request-notes.js';
import { addStatisticsRoutes } from './statistics-routes.js';

/** Answers one request of the Fetch API, which has come from an address, or over a Unix socket. */
export type AdminHandler = (request: Request, peer?: string) => Response | Promise<Response>;

/** What differs between the listeners. */
export interface AdminListener {
  /** Who may do what over TCP; absent at the Unix socket, whose mode decides. */
  readonly access?: AccessNow | undefined;
  /** Names by which it may be called, in lower case, beside addresses; `localhost` without it. */
  readonly hosts?: (() => readonly string[]) | undefined;
  /** Hears of those that were turned away at the door: no name of ours, no token. */
  readonly onTurnedAway?: ((code: string, peer: string | undefined) => void) | undefined;
}

const usualHosts = (): readonly string[] => ['localhost'];

/**
 * The admin interface: JSON over HTTP, below a version. Errors are problem details (RFC 9457) with a
 * `code`; whatever changes something leaves a line in the log.
 */
export function createAdminApp(
  dependencies: AdminDependencies,
  listener: AdminListener = {},
): AdminHandler {
  const app = createRoutes(dependencies, listener);
  return (request, peer) => {
    beginNotes(request, peer);
    return app.fetch(request);
  };
}

/** The routes themselves, which a test compares with what is documented. */
export function createRoutes(dependencies: AdminDependencies, listener: AdminListener): Hono {
  const { access, hosts = usualHosts, onTurnedAway } = listener;
  const app = new Hono();
  addAudit(app, dependencies);
  addFurtherHeaders(app);
  // At the Unix socket, too: ssh may have forwarded it to the port of somebody's desk.
  addHostCheck(app, hosts);
  refuseOtherSites(app);
  // What stands before the token is open to everybody: who monitors a service often has none.
  addHealth(app, dependencies.monitoring, {
    isTrusted: (context) => access === undefined || tokenOf(context, access) !== undefined,
  });
  addPageRoutes(app);
  if (access === undefined) addSocketName(app);
  else addTokenCheck(app, access);
  addBodyLimit(app);
  addMetrics(app, dependencies.monitoring);
  app.get('/v1/status', async (context) => context.json(await dependencies.status()));
  addRecordRoutes(app, dependencies);
  addReleaseRoutes(app, dependencies);
  addExceptionRoutes(app, dependencies);
  addChangeRoutes(app, dependencies);
  addDecisionRoutes(app, dependencies);
  addCompactRoute(app, dependencies);
  addReloadRoute(app, dependencies);
  addStatisticsRoutes(app, dependencies, (context) => mayWrite(context, access));
  addOpenApi(app, dependencies.version);
  addProblems(app, dependencies, onTurnedAway);
  return app;
}

function addSocketName(app: Hono): void {
  app.use(async (context, next) => {
    notesOf(context.req.raw).by = 'admin socket';
    await next();
  });
}

/** Answers are for whoever has asked, now, and are what they say they are. */
function addFurtherHeaders(app: Hono): void {
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('x-content-type-options', 'nosniff');
    if (!context.res.headers.has('cache-control')) {
      context.res.headers.set('cache-control', 'no-store');
    }
  });
}

function addProblems(
  app: Hono,
  { logger }: AdminDependencies,
  onTurnedAway: AdminListener['onTurnedAway'],
): void {
  app.notFound((context) => {
    const { method, path } = context.req;
    const methods = methodsAt(app, path).join(', ');
    if (methods === '') {
      return Response.json(...problemOf(new AdminError('ADMIN_NOT_FOUND', `there is no ${path}`)));
    }
    const text = `${path} does not take ${method}, but ${methods}`;
    const [problem, init] = problemOf(new AdminError('ADMIN_METHOD', text));
    return Response.json(problem, { ...init, headers: { ...init.headers, allow: methods } });
  });
  app.onError((error, context) => {
    const [problem, init] = problemOf(error);
    const { code } = problem;
    if (init.status >= 500) {
      logger.error('the admin interface has failed', { code, error: error.message });
    }
    if (code === 'ADMIN_HOST' || code === 'ADMIN_TOKEN') {
      onTurnedAway?.(code, notesOf(context.req.raw).peer);
    }
    return Response.json(problem, init);
  });
}
