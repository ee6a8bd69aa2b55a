import { createReadStream } from 'node:fs';
import type { Config } from '../../config/schema.js';
import { SEPARATOR } from '../../greylist/correspondence-key.js';
import type { GreylistStore } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { foreignTerms } from '../answers/foreign-terms.js';

/** What the import is done with. */
export interface ImportAtStart {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** How long mail waits for it; shorter in tests. */
  readonly waitMs?: number | undefined;
}

/** That something was imported is remembered under this and its path; no record's key begins with it. */
const IMPORTED = 'i';

/** As long as the store can remember anything. */
const FOR_EVER = Date.UTC(2105, 0, 1);

/**
 * MTAs give a filter up that does not answer for ten seconds. What takes longer goes on beside the mail,
 * of which some is put off once more.
 */
const DEFAULT_WAIT_MS = 5000;

/** So many lines that cannot be used are told of one by one. */
const SHOWN = 10;

/**
 * Takes over what `store.import` names, once for each store and file. Nothing of it keeps the filter from
 * its start: a file that is not there is a note, and is looked for again at the next start.
 *
 * @returns once it is done, or has taken so long that mail must not wait for it
 */
export async function importAtStart(
  config: Config,
  store: GreylistStore,
  { clock, logger, waitMs = DEFAULT_WAIT_MS }: ImportAtStart,
): Promise<void> {
  const path = config.store.import['milter-greylist'];
  if (path === null) return;
  const importing = importDump(path, config, store, { clock, logger }).catch((error: unknown) => {
    logger.warn('store.import could not be taken over', { file: path, ...describeError(error) });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([importing, late]);
  clearTimeout(timer);
}

async function importDump(
  path: string,
  config: Config,
  store: GreylistStore,
  { clock, logger }: ImportAtStart,
): Promise<void> {
  const key = `${IMPORTED}milter-greylist${SEPARATOR}${path}`;
  const remembered = await store.get(key);
  if (remembered !== undefined) return;
  const [{ readLines }, { readMilterGreylist }, { RecordImport }] = await Promise.all([
    import('../../migrate/read-lines.js'),
    import('../../migrate/read-milter-greylist.js'),
    import('../../migrate/import-records.js'),
  ]);
  const delayMs = config.greylist.delay;
  const options = { delayMs, retryWindowMs: undefined, maxAgeMs: undefined };
  const terms = foreignTerms(config, options, clock.now());
  const target = new RecordImport(store, () => clock.now());
  let [refused, expired] = [0, 0];
  try {
    for await (const batch of readMilterGreylist(readLines(readFile(path)), terms)) {
      for (const { line, reason } of batch.refused) {
        refused += 1;
        if (refused <= SHOWN) logger.info('left out of store.import', { file: path, line, reason });
      }
      expired += batch.expired;
      await target.take(batch.records);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
    logger.info('store.import is not there, so nothing is taken over', { file: path });
    return;
  }
  const { taken, merged, unchanged, expired: ended } = await target.end();
  const value = Buffer.from(new Date(clock.now()).toISOString());
  await store.compareAndSet(key, undefined, { value, expiresAt: FOR_EVER });
  const counts = { taken, merged, unchanged, expired: expired + ended, refused };
  logger.info('store.import is taken over', { file: path, ...counts });
}

async function* readFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of createReadStream(path)) {
    // A stream without an encoding.
    yield chunk as Uint8Array;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
