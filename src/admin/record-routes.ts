import type { Hono } from 'hono';
import { formatHeader } from '../migrate/json-lines.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { takeImport } from './import-route.js';
import { jsonLines } from './json-lines-type.js';
import { readFlag, readLimit, refuseUnknown } from './query.js';
import { filterNames, parseRecordFilter } from './record-filter.js';
import { parseRecordOrder } from './record-order.js';
import { putRecord } from './put-record.js';
import { exportRecords, findRecord, forgetRecord, listRecords } from './records.js';
import { releaseById, releaseRecords, type ReleaseDependencies } from './release-records.js';
import { notesOf } from './request-notes.js';
import { toBegunStream } from './text-stream.js';

/** Looking at records, deleting and moving them. */
export function addRecordRoutes(app: Hono, dependencies: AdminDependencies): void {
  const { store, clock, logger, version } = dependencies;
  app.get('/v1/records', async (context) => {
    const { limit, cursor, sort, reverse, ...texts } = context.req.query();
    refuseUnknown(texts, filterNames);
    const order = parseRecordOrder(sort, reverse);
    const query = { filter: parseRecordFilter(texts), limit: readLimit(limit), cursor, order };
    return context.json(await listRecords(store, query, clock.now()));
  });
  app.get('/v1/records/:id', async (context) =>
    context.json((await findRecord(store, context.req.param('id'))) ?? absent()),
  );
  app.delete('/v1/records/:id', async (context) => {
    const texts = context.req.query();
    refuseUnknown(texts, filterNames);
    const filter = Object.keys(texts).length === 0 ? undefined : parseRecordFilter(texts);
    const query = { id: context.req.param('id'), filter };
    const { id, ...record } = (await forgetRecord(store, query, clock.now())) ?? absent();
    notesOf(context.req.raw).records = 1;
    logger.info('record forgotten', { id, record: JSON.stringify(record) });
    return context.body(null, 204);
  });
  app.put('/v1/records/:id', async (context) => {
    refuseUnknown(context.req.query(), []);
    const [id, text] = [context.req.param('id'), await context.req.text()];
    await putRecord(store, { id, text, ifMatch: context.req.header('if-match') });
    notesOf(context.req.raw).records = 1;
    logger.info('record put back', { id, record: text });
    return context.body(null, 204);
  });
  app.get('/v1/export', async (context) => {
    const header = formatHeader(version, clock.now());
    const body = await toBegunStream(exportRecords(store, header));
    return context.body(body, 200, jsonLines);
  });
  app.post('/v1/import', async (context) => await takeImport(context, dependencies));
}

/** Letting through what waits. */
export function addReleaseRoutes(app: Hono, dependencies: AdminDependencies): void {
  app.post('/v1/pass', async (context) => {
    const { cursor, 'dry-run': dry, ...texts } = context.req.query();
    refuseUnknown(texts, ['client', 'sender', 'recipient']);
    const query = { texts, cursor, isDry: readFlag('dry-run', dry) };
    const page = await releaseRecords(releasing(dependencies), query);
    notesOf(context.req.raw).records = query.isDry ? 0 : page.records;
    return context.json(page);
  });
  app.post('/v1/records/:id/pass', async (context) => {
    const { client, 'dry-run': dry, ...rest } = context.req.query();
    refuseUnknown(rest, []);
    const one = { id: context.req.param('id'), client, isDry: readFlag('dry-run', dry) };
    const released = await releaseById(releasing(dependencies), one);
    notesOf(context.req.raw).records = one.isDry || released.triplets === 0 ? 0 : 1;
    return context.json(released);
  });
}

function releasing({ store, clock, logger, releaseLife }: AdminDependencies): ReleaseDependencies {
  return {
    store,
    now: () => clock.now(),
    lifeMs: releaseLife(),
    onReleased: ({ sender, recipient, sources }) =>
      logger.info('waiting mail let through', {
        client: sources.map(({ address }) => address.text).join(' '),
        from: `<${sender}>`,
        to: `<${recipient}>`,
      }),
  };
}

function absent(): never {
  throw new AdminError('ADMIN_NOT_FOUND', 'there is no such record');
}
