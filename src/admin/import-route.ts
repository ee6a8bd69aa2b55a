import type { Context } from 'hono';
import { readExport } from '../migrate/json-lines.js';
import { readLines } from '../migrate/read-lines.js';
import type { LineNote } from '../migrate/stored-record.js';
import { TimeSlice } from '../store/level/time-slice.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { problemOf } from './problem.js';
import { importBatches } from './records.js';
import type { ImportProgress } from './records.js';
import { notesOf } from './request-notes.js';
import { JSON_LINES, jsonLines } from './json-lines-type.js';
import { toStream } from './text-stream.js';

/** Of refused lines so many are sent back one by one; the rest is counted. */
const MAX_NOTES = 1000;

/**
 * Takes an export of ours line by line, and tells by a line after each part how far it is:
 * `{"progress": {…}}`, in the end `{"summary": {…}}`, or `{"problem": {…}}` if it has to give up. Lines
 * that are refused come as `{"refused": {"line": 7, "reason": "…"}}`.
 */
export async function takeImport(
  context: Context,
  dependencies: AdminDependencies,
): Promise<Response> {
  const { store, clock, logger, paces } = dependencies;
  const type = context.req.header('content-type')?.split(';')[0]?.trim();
  const { body } = context.req.raw;
  if (type !== JSON_LINES || body === null) {
    throw new AdminError('ADMIN_CONTENT_TYPE', `send JSON lines, as ${JSON_LINES}`);
  }
  const slice = new TimeSlice(paces?.writing);
  const batches = readExport(readLines(body), slice);
  // What is no export is refused before anything is said.
  const first = await batches.next();
  const all = (async function* () {
    if (first.done !== true) yield first.value;
    yield* batches;
  })();
  const steps = importBatches(store, all, { now: () => clock.now(), slice });
  return context.body(
    toStream(tellSteps(steps, logger, notesOf(context.req.raw).by)),
    200,
    jsonLines,
  );
}

async function* tellSteps(
  steps: ReturnType<typeof importBatches>,
  logger: AdminDependencies['logger'],
  by: string | undefined,
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
    logger.info('records imported', { ...told, by });
    yield asLine({ summary: told });
  } catch (error) {
    logger.warn('an import has ended early', { ...told, by, error: String(error) });
    yield asLine({ problem: problemOf(error)[0] });
  }
}

function asLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
