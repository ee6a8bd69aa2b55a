import type { Context, Hono } from 'hono';
import type { Exposition } from '../telemetry/metrics.js';
import type { ShownImpairment } from './status.js';

/** Whether mail can be judged, and what stands in the way. */
export interface Readiness {
  readonly isReady: boolean;
  readonly mode: string;
  /** The same as of the status; with some of them mail is judged all the same. */
  readonly impairments: readonly ShownImpairment[];
}

/** What monitoring asks. */
export interface Monitoring {
  /** @param accept the formats that the asker knows, as HTTP says it */
  metrics(accept: string | undefined): Promise<Exposition>;
  readiness(): Promise<Readiness>;
}

/** What Prometheus reads. */
export function addMetrics(app: Hono, monitoring: Monitoring): void {
  app.get('/metrics', async (context) => {
    const { contentType, text } = await monitoring.metrics(context.req.header('accept'));
    return context.body(text, 200, { 'content-type': contentType });
  });
}

/** Who hears all, and who only that something is wrong. */
export interface HealthAudience {
  readonly isTrusted: (context: Context) => boolean;
}

/**
 * The paths that monitoring knows everywhere, without a version: `/health`, which answers as long as we
 * can answer at all; and `/ready`, which says 503 while mail cannot be judged.
 */
export function addHealth(app: Hono, monitoring: Monitoring, { isTrusted }: HealthAudience): void {
  app.get('/health', async (context) => {
    const { mode, impairments } = await monitoring.readiness();
    // A mode is what somebody has chosen, and no reason to wake him.
    const isImpaired = impairments.some(({ cause }) => cause !== mode);
    const status = isImpaired ? 'impaired' : 'ok';
    return context.json(isTrusted(context) ? { status, mode, impairments } : { status });
  });
  app.get('/ready', async (context) => {
    const { isReady, mode, impairments } = await monitoring.readiness();
    const status = isReady ? 'ready' : 'not-ready';
    const told = isTrusted(context) ? { status, mode, impairments } : { status };
    return context.json(told, isReady ? 200 : 503);
  });
}
