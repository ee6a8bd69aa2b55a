import type { Hono } from 'hono';
import type { Exposition } from '../telemetry/metrics.js';

/** Whether mail can be judged, and what stands in the way. */
export interface Readiness {
  readonly isReady: boolean;
  readonly mode: string;
  /** For people; with some of them mail is judged all the same. */
  readonly impairments: readonly string[];
}

/** What monitoring asks. */
export interface Monitoring {
  /** @param accept the formats that the asker knows, as HTTP says it */
  metrics(accept: string | undefined): Promise<Exposition>;
  readiness(): Promise<Readiness>;
}

/**
 * The paths that monitoring knows everywhere, without a version: `/metrics`; `/health`, which answers
 * as long as we can answer at all; and `/ready`, which says 503 while mail cannot be judged.
 */
export function addMonitoring(app: Hono, monitoring: Monitoring): void {
  app.get('/metrics', async (context) => {
    const { contentType, text } = await monitoring.metrics(context.req.header('accept'));
    return context.body(text, 200, { 'content-type': contentType });
  });
  app.get('/health', async (context) => {
    const { mode, impairments } = await monitoring.readiness();
    return context.json({
      status: impairments.length === 0 ? 'ok' : 'impaired',
      mode,
      impairments,
    });
  });
  app.get('/ready', async (context) => {
    const { isReady, mode, impairments } = await monitoring.readiness();
    const status = isReady ? 'ready' : 'not-ready';
    return context.json({ status, mode, impairments }, isReady ? 200 : 503);
  });
}
