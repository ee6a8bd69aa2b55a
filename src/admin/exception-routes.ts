import type { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { addException, listExceptions, removeException } from './exception-records.js';
import { notesOf } from './request-notes.js';
import { readFlag, readSeconds, refuseUnknown } from './query.js';

/** Exceptions that are made by hand. */
export function addExceptionRoutes(app: Hono, dependencies: AdminDependencies): void {
  const { store, clock, logger, onExceptions } = dependencies;
  app.get('/v1/exceptions', async (context) =>
    context.json({ exceptions: await listExceptions(store, clock.now()) }),
  );
  app.post('/v1/exceptions', async (context) => {
    const { client, sender, spf, 'for-seconds': seconds, ...rest } = context.req.query();
    refuseUnknown(rest, []);
    const forMs = readSeconds('for-seconds', seconds) * 1000;
    const wanted = { client, sender, isBySpf: readFlag('spf', spf), forMs };
    const added = await addException(store, wanted, clock.now());
    onExceptions();
    notesOf(context.req.raw).records = 1;
    const { id, addedAt, ...fields } = added;
    logger.info('exception added', { ...fields, id, addedAt });
    return context.json(added, 201);
  });
  app.delete('/v1/exceptions/:id', async (context) => {
    const removed = await removeException(store, context.req.param('id'), clock.now());
    if (removed === undefined) {
      throw new AdminError('ADMIN_NOT_FOUND', 'there is no such exception');
    }
    onExceptions();
    notesOf(context.req.raw).records = 1;
    logger.info('exception removed', { ...removed });
    return context.body(null, 204);
  });
}
