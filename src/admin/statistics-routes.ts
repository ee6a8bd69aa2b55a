import type { Context, Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { readSeconds, refuseUnknown } from './query.js';
import { reportStatistics } from './statistics.js';

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/** What has happened, which rules made it happen, and whom they have asked. */
export function addStatisticsRoutes(
  app: Hono,
  dependencies: AdminDependencies,
  mayWrite: (context: Context) => boolean,
): void {
  const { store, clock, insight, version, startedAt } = dependencies;
  app.get('/v1/statistics', async (context) => {
    const { 'last-seconds': last, 'step-seconds': step, ...rest } = context.req.query();
    refuseUnknown(rest, []);
    const lastSeconds = readSeconds('last-seconds', last ?? `${DAY_SECONDS}`);
    const stepSeconds = readSeconds('step-seconds', step ?? `${usualStep(lastSeconds)}`);
    if (stepSeconds % MINUTE_SECONDS !== 0) {
      throw new AdminError('ADMIN_BAD_REQUEST', 'step-seconds: no whole number of minutes');
    }
    const query = { until: clock.now(), lastMs: lastSeconds * 1000, stepMs: stepSeconds * 1000 };
    return context.json(await reportStatistics({ store, insight }, query));
  });
  app.get('/v1/rules', (context) =>
    context.json({ countedSince: new Date(startedAt).toISOString(), rules: insight.rules() }),
  );
  app.get('/v1/lookups', (context) => context.json({ lookups: insight.lookups() }));
  app.get('/v1/page', async (context) => {
    const { keepMs, hasNames, delayMs } = insight.settings();
    const { isReady, mode, impairments } = await dependencies.monitoring.readiness();
    return context.json({
      version,
      isReady,
      mode,
      impairments,
      mayWrite: mayWrite(context),
      delaySeconds: delayMs / 1000,
      statistics: { keepSeconds: keepMs / 1000, names: hasNames },
    });
  });
}

/** About a hundred steps, of a length that divides the hour or the day. */
function usualStep(lastSeconds: number): number {
  const steps = [1, 5, 15, 60, 6 * 60, 24 * 60].map((minutes) => minutes * MINUTE_SECONDS);
  return steps.find((step) => lastSeconds / step <= 150) ?? DAY_SECONDS;
}
