import { countRecords, type RecordCounts } from '../../admin/record-census.js';
import type { Config } from '../../config/schema.js';
import { storePlace } from '../../config/store-url.js';
import { StoreError } from '../../store/store.js';
import { isStoreThere } from '../../store/find-level-store.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findFilter, loadSupported, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { openToLook } from '../records/look-at-store.js';
import type { Output } from '../terminal/output.js';
import { plain } from '../terminal/paint.js';
import { findDaemon, whereAsked } from '../records/reach-daemon.js';
import { formatStatus, formatStoreStatus } from './status-text.js';

/** What `status` takes. */
export type StatusArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/** What a store tells that no daemon has. */
export interface IdleStore {
  readonly path: string;
  /** Absent if it cannot be looked into. */
  readonly records?: RecordCounts | undefined;
  readonly code?: string | undefined;
  readonly problem?: string | undefined;
}

/**
 * `greymilter status`: how the running filter is; without one, what its store holds.
 *
 * @returns 69 if no filter runs
 * @throws ConfigError also for what is wrong elsewhere in it, if no filter runs; AdminError
 */
export async function status(args: StatusArguments, output: Output): Promise<number> {
  const config = await findFilter(args);
  const { paint = plain } = output;
  const daemon = await findDaemon(config);
  if (daemon !== undefined) {
    daemon.client.close();
    const { status: told } = daemon;
    const text = args.json === true ? asJson({ running: true, ...told }) : undefined;
    output.print(text ?? formatStatus(told, Date.now(), paint));
    return exitCodes.done;
  }
  // What is wrong with it may be why none runs.
  await loadSupported(args);
  const store = await lookInto(config);
  const text = args.json === true ? asJson({ running: false, store }) : undefined;
  output.print(text ?? formatStoreStatus(store, whereAsked(config, args.config), paint));
  return exitCodes.unavailable;
}

async function lookInto(config: Pick<Config, 'store'>): Promise<IdleStore> {
  const { url } = config.store;
  const path = storePlace(url);
  const now = Date.now();
  try {
    if (url.kind === 'level' && !(await isStoreThere(path))) {
      return { path, problem: 'is not there yet' };
    }
    const store = await openToLook(config, { now: () => now });
    try {
      return { path, records: await countRecords(store, now, 1) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { path, code: error.code, problem: error.message };
  }
}

function asJson(value: object): string {
  return `${asciiJson(value)}\n`;
}
