import type { CompactionSummary } from '../../admin/compaction.js';
import type { ImportProgress, RecordPage, ShownRecord } from '../../admin/records.js';
import type { ShownException, WantedException } from '../../admin/exception-records.js';
import type { ReleasePage, ReleaseQuery } from '../../admin/release-records.js';
import type { RecordFilterTexts } from '../../admin/record-filter.js';
import type { RecordOrder } from '../../admin/record-order.js';
import type { Config } from '../../config/schema.js';
import { storePlace, type StoreUrl } from '../../config/store-url.js';
import type { LineNote, ReadBatch } from '../../migrate/stored-record.js';
import { StoreError } from '../../store/store.js';
import { isStoreThere } from '../../store/find-level-store.js';
import { DaemonRecords } from './daemon-records.js';
import { findDaemon, type ReachedDaemon } from './reach-daemon.js';
import { openForReading, openForWriting, openShared } from './store-records.js';

/** In which order records are wanted. */
export type PageOrder = RecordOrder;

/** Which part of the records that are wanted. */
export interface PagePart {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly order?: PageOrder | undefined;
}

/** The records, in whoever's hands they are. */
export interface RecordsAccess {
  page(filter: RecordFilterTexts, part: PagePart): Promise<RecordPage>;
  find(id: string): Promise<ShownRecord | undefined>;
  /** Whether it was there, and still one that the filter wants. */
  forget(id: string, filter: RecordFilterTexts): Promise<boolean>;
  /** Lets through what waits, in a part of the store. */
  pass(query: ReleaseQuery): Promise<ReleasePage>;
  /** The same in one record, of a client or of all; how many clients it was, or would be. */
  passRecord(id: string, client: string | undefined, isDry: boolean): Promise<number>;
  exceptions(): Promise<readonly ShownException[]>;
  addException(wanted: WantedException): Promise<ShownException>;
  /** Whether it was there. */
  removeException(id: string): Promise<boolean>;
  export(): Promise<AsyncIterable<string | Uint8Array>>;
  /** Told after each part; the last one is final. */
  import(batches: AsyncIterable<ReadBatch>): AsyncIterable<ImportStep>;
  /** Makes the store's files smaller. */
  compact(): Promise<CompactionSummary>;
  close(): Promise<void>;
}

/** How far an import is, and what of it the other side has refused since. */
export interface ImportStep {
  readonly progress: ImportProgress;
  readonly refused: readonly LineNote[];
}

/**
 * Asks the daemon if one runs; otherwise opens the store. So does whoever names a shared store while a daemon
 * still runs on another one, or the other way round: records that are moved must not go to where they are.
 *
 * @param purpose to read a store nothing of it is changed, not even its files
 * @throws AdminError, StoreError
 */
export async function accessRecords(
  config: Config,
  purpose: 'read' | 'write' | 'create',
): Promise<RecordsAccess> {
  const { admin } = config.listen;
  const daemon = await findDaemon(config);
  const { url } = config.store;
  if (daemon !== undefined) {
    if (!isElsewhere(daemon, url)) return new DaemonRecords(daemon.client);
    daemon.client.close();
  }
  if (url.kind === 'redis') return await openShared(config, url);
  const { path } = url;
  if (purpose !== 'create' && !(await isStoreThere(path))) throw missing(path);
  try {
    return purpose === 'read'
      ? await openForReading(config, path)
      : await openForWriting(config, path);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_LOCKED') throw error;
    const where = admin === null ? 'listen.admin is null' : `nobody answers at ${admin.path}`;
    const hint = 'name its configuration by --config, or stop it first';
    const message = `A running greymilter has the store ${path} open, and ${where}: ${hint}.`;
    throw new StoreError('STORE_LOCKED', message, { cause: error });
  }
}

/** Of two directories one may be the other by another name; a directory is no server. */
function isElsewhere({ status }: Pick<ReachedDaemon, 'status'>, url: StoreUrl): boolean {
  const { store } = status;
  const place = typeof store === 'object' && store !== null && 'path' in store ? store.path : '';
  if (typeof place !== 'string' || place === '' || place === storePlace(url)) return false;
  return url.kind === 'redis' || place.startsWith('redis');
}

function missing(path: string): StoreError {
  const message =
    `${path} is not a greymilter store: there is no such directory. ` +
    'Say which is meant, with --config FILE or --store PATH.';
  return new StoreError('STORE_NOT_OURS', message);
}
