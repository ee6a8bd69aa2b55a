import { chown, lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  exportRecords,
  findRecord,
  forgetRecord,
  importBatches,
  listRecords,
  type ReadableRecords,
} from '../../admin/records.js';
import { compactStore, type CompactionSummary } from '../../admin/compaction.js';
import { addException, listExceptions, removeException } from '../../admin/exception-records.js';
import { releaseById, releaseRecords } from '../../admin/release-records.js';
import type { Config } from '../../config/schema.js';
import type { RedisUrl } from '../../config/store-url.js';
import { releaseLife } from '../../daemon/policy/release-life.js';
import { parseRecordFilter } from '../../admin/record-filter.js';
import { formatHeader } from '../../migrate/json-lines.js';
import type { ServerTime } from '../../store/redis/server-time.js';
import { StoreError, type GreylistStore } from '../../store/store.js';
import type { RecordsAccess } from './records-access.js';
import { packageVersion } from '../../daemon/process/version.js';

const ownClock = { now: () => Date.now() };

const silent = { warn: () => undefined, info: () => undefined };

/** The records of a store that no daemon has, to be looked at only. @throws StoreError */
export async function openForReading(config: Config, path: string): Promise<RecordsAccess> {
  const { openLevelSnapshot } = await import('../../store/open-level-snapshot.js');
  const store = await openLevelSnapshot(path, ownClock);
  const refuse = (): Promise<never> =>
    Promise.reject(new StoreError('STORE_UNAVAILABLE', 'this store is only looked at'));
  return access(
    { ...reading(store), compareAndSet: refuse, delete: refuse, stats: refuse },
    { config, clock: ownClock },
    async () => await store.close(),
  );
}

/** The records of a store that no daemon has; the store is made if it is missing. @throws StoreError */
export async function openForWriting(config: Config, path: string): Promise<RecordsAccess> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  const { openLevelStore } = await import('../../store/level-store.js');
  const store = await openLevelStore({ path, durability: 'process', clock: ownClock });
  return access(store, { config, clock: ownClock }, async () => {
    await store.close();
    await giveToOwner(path, isThere ? path : dirname(path));
  });
}

/** The records of a store on a server, whoever has it open beside us; its clock counts. @throws StoreError */
export async function openShared(config: Config, url: RedisUrl): Promise<RecordsAccess> {
  const { openSharedStore } = await import('../../daemon/stores/open-shared-store.js');
  const { SharedClock } = await import('../../daemon/process/shared-clock.js');
  const clock = new SharedClock(ownClock, silent);
  const onServerTime = (time: ServerTime): void => clock.hear(time);
  const store = await openSharedStore(url, config.store.redis, { clock, onServerTime });
  return access(store, { config, clock }, async () => await store.close());
}

function reading(store: ReadableRecords): ReadableRecords {
  return { get: (key) => store.get(key), scan: (after) => store.scan(after) };
}

type AccessibleStore = Pick<
  GreylistStore,
  'get' | 'scan' | 'compareAndSet' | 'delete' | 'stats' | 'compact'
>;

function access(
  store: AccessibleStore,
  { config, clock }: { readonly config: Config; readonly clock: { now(): number } },
  close: () => Promise<void>,
): RecordsAccess {
  const now = (): number => clock.now();
  const releasing = { store, now, lifeMs: releaseLife(config), onReleased: () => undefined };
  return {
    page: (texts, part) =>
      listRecords(store, { filter: parseRecordFilter(texts), ...part }, clock.now()),
    find: (id) => findRecord(store, id),
    forget: async (id, texts) => {
      const query = { id, filter: parseRecordFilter(texts) };
      return (await forgetRecord(store, query, clock.now())) !== undefined;
    },
    pass: (query) => releaseRecords(releasing, query),
    passRecord: async (id, client, isDry) =>
      (await releaseById(releasing, { id, client, isDry })).triplets,
    exceptions: () => listExceptions(store, now()),
    addException: (wanted) => addException(store, wanted, now()),
    removeException: async (id) => (await removeException(store, id, now())) !== undefined,
    export: () =>
      Promise.resolve(exportRecords(store, formatHeader(packageVersion(), clock.now()))),
    import: async function* (batches) {
      const steps = importBatches(store, batches, { now: () => clock.now() });
      let step = await steps.next();
      for (; step.done !== true; step = await steps.next()) yield { ...step.value, refused: [] };
      yield { progress: step.value, refused: [] };
    },
    compact: () => compactNow(store),
    close,
  };
}

async function compactNow(store: AccessibleStore): Promise<CompactionSummary> {
  for await (const news of compactStore(store)) if ('summary' in news) return news.summary;
  throw new Error('a compaction ends with what it has done');
}

/** As root we would leave files there that the filter's user cannot write. */
async function giveToOwner(path: string, model: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = await lstat(model);
  for (const name of ['', ...(await readdir(path))]) await chown(join(path, name), uid, gid);
}
