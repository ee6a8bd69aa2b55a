import type { Hono } from 'hono';
import { outlineRecord } from '../migrate/json-lines.js';
import type { AdminDependencies, RecordChange } from './admin-dependencies.js';
import { jsonLines } from './json-lines-type.js';
import { createLiveStream } from './live-stream.js';
import { refuseUnknown } from './query.js';
import { filterNames, parseRecordFilter } from './record-filter.js';
import { showRecord } from './records.js';

/**
 * Records while they change: `{"change": {…}}` with a record as a list has it, and `forgotten` if
 * somebody has deleted it; what only expires is not told. Beside these the lines of
 * {@link createLiveStream}.
 */
export function addChangeRoutes(app: Hono, { changes, clock }: AdminDependencies): void {
  app.get('/v1/changes', (context) => {
    const texts = context.req.query();
    refuseUnknown(texts, filterNames);
    const isWanted = parseRecordFilter(texts);
    const stream = createLiveStream<RecordChange>({
      listen: (tell) =>
        changes.listen((change) => {
          if (isWanted(outlineRecord(change.record), clock.now())) tell(change);
        }),
      show: ({ record, isForgotten }) => ({
        change: { ...showRecord(record), ...(isForgotten && { forgotten: true }) },
      }),
    });
    return context.body(stream, 200, jsonLines);
  });
}
