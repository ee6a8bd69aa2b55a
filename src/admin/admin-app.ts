import { Hono } from 'hono';
import type { Context } from 'hono';
import { formatHeader, readExport } from '../migrate/json-lines.js';
import { readLines } from '../migrate/read-lines.js';
import type { LineNote } from '../migrate/stored-record.js';
import type { GreylistStore } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import { AdminError } from './admin-error.js';
import { addMonitoring, type Monitoring } from './monitoring.js';
import { problemOf } from './problem.js';
import { parseRecordFilter } from './record-filter.js';
import { exportRecords, findRecord, forgetRecord, importBatches, listRecords } from './records.js';
import type { ImportProgress } from './records.js';
import type { DaemonStatus } from './status.js';
import { toStream } from './text-stream.js';

/** What the admin interface shows and steers. */
export interface AdminDependencies {
  readonly store: GreylistStore;
  readonly clock: { now(): number };
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Of greymilter. */
  readonly version: string;
  readonly status: () => Promise<DaemonStatus>;
  readonly monitoring: Monitoring;
}

/** Answers one request of the Fetch API. */
export type AdminHandler = (request: Request) => Response | Promise<Response>;

export const JSON_LINES = 'application/x-ndjson';

/** Records of a page if nobody says how many, and at most. */
const PAGE_LIMIT = { usual: 100, most: 1000 } as const;

/** Of refused lines so many are sent back one by one; the rest is counted. */
const MAX_NOTES = 1000;

/**
 * The admin interface: JSON over HTTP, below a version. Errors are problem details (RFC 9457) with a
 * `code`; whatever changes something leaves a line in the log.
 */
export function createAdminApp(dependencies: AdminDependencies): AdminHandler {
  const { store, clock, logger, version, status } = dependencies;
  const app = new Hono();
  addMonitoring(app, dependencies.monitoring);
  app.get('/v1/status', async (context) => context.json(await status()));
  app.get('/v1/records', async (context) => {
    const { limit, cursor, ...texts } = context.req.query();
    refuseUnknown(texts, ['client', 'sender', 'recipient', 'kind', 'state']);
    const query = { filter: parseRecordFilter(texts), limit: readLimit(limit), cursor };
    return context.json(await listRecords(store, query, clock.now()));
  });
  app.get('/v1/records/:id', async (context) =>
    context.json((await findRecord(store, context.req.param('id'))) ?? absent()),
  );
  app.delete('/v1/records/:id', async (context) => {
    const { id, ...record } = (await forgetRecord(store, context.req.param('id'))) ?? absent();
    logger.info('record forgotten', { id, record: JSON.stringify(record) });
    return context.body(null, 204);
  });
  app.get('/v1/export', (context) => {
    const header = formatHeader(version, clock.now());
    return context.body(toStream(exportRecords(store, header)), 200, jsonLines);
  });
  app.post('/v1/import', async (context) => await takeImport(context, dependencies));
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

const jsonLines = { 'content-type': JSON_LINES } as const;

function absent(): never {
  throw new AdminError('ADMIN_NOT_FOUND', 'there is no such record');
}

function refuseUnknown(texts: object, known: readonly string[]): void {
  const unknown = Object.keys(texts).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new AdminError('ADMIN_BAD_REQUEST', `${unknown}: there is no such parameter`);
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return PAGE_LIMIT.usual;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= PAGE_LIMIT.most) return limit;
  const message = `limit: "${text}" is no whole number from 1 to ${PAGE_LIMIT.most}`;
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}

/**
 * Takes an export of ours line by line, and tells by a line after each part how far it is:
 * `{"progress": {…}}`, in the end `{"summary": {…}}`, or `{"problem": {…}}` if it has to give up. Lines
 * that are refused come as `{"refused": {"line": 7, "reason": "…"}}`.
 */
async function takeImport(context: Context, dependencies: AdminDependencies): Promise<Response> {
  const { store, clock, logger } = dependencies;
  const type = context.req.header('content-type')?.split(';')[0]?.trim();
  const { body } = context.req.raw;
  if (type !== JSON_LINES || body === null) {
    throw new AdminError('ADMIN_CONTENT_TYPE', `send JSON lines, as ${JSON_LINES}`);
  }
  const batches = readExport(readLines(body));
  // What is no export is refused before anything is said.
  const first = await batches.next();
  const all = (async function* () {
    if (first.done !== true) yield first.value;
    yield* batches;
  })();
  const steps = importBatches(store, all, () => clock.now());
  return context.body(toStream(tellSteps(steps, logger)), 200, jsonLines);
}

async function* tellSteps(
  steps: ReturnType<typeof importBatches>,
  logger: AdminDependencies['logger'],
): AsyncGenerator<string, void, undefined> {
  let told: ImportProgress | undefined;
  let notes = 0;
  try {
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) {
      told = step.value.progress;
      const refused: readonly LineNote[] = step.value.refused.slice(0, MAX_NOTES - notes);
      notes += refused.length;
      yield [{ progress: told }, ...refused.map((note) => ({ refused: note }))]
        .map(asLine)
        .join('');
    }
    told = step.value;
    logger.info('records imported', { ...told });
    yield asLine({ summary: told });
  } catch (error) {
    logger.warn('an import has ended early', { ...told, error: String(error) });
    yield asLine({ problem: problemOf(error)[0] });
  }
}

function asLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
