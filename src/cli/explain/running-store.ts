import { resolve } from 'node:path';
import { AdminError } from '../../admin/admin-error.js';
import { idOfKey } from '../../admin/records.js';
import type { Config } from '../../config/schema.js';
import { settingsDigest } from '../../config/settings-digest.js';
import type { ReadableStore } from '../../daemon/trials/store-rehearsal.js';
import { asFields, RecordError, type JsonFields } from '../../migrate/json-fields.js';
import { readRecord } from '../../migrate/json-lines.js';
import type { StoreEntry } from '../../store/store.js';
import { DaemonRecords } from '../records/daemon-records.js';
import { findDaemon } from '../records/reach-daemon.js';
import type { RecordsAccess } from '../records/records-access.js';

/** A store that somebody else has open, and an end to asking for it. */
export interface RunningStore {
  readonly store: ReadableStore;
  /** When the filter read its configuration, where it goes by other settings than this one; for people. */
  readonly otherSettingsSince: string | undefined;
  close(): Promise<void>;
}

/**
 * The store at a path, as the filter that has it open knows it, record by record.
 *
 * @param now what has ended by then is not there
 * @returns undefined if no filter that may be asked has that store
 */
export async function askRunningStore(
  config: Config,
  path: string,
  now: number,
): Promise<RunningStore | undefined> {
  const daemon = await mayBeAsked(config);
  if (daemon === undefined) return undefined;
  // Two filters on one machine: the socket may be the other one's.
  const theirs = asFields(daemon.status['store'], 'the store')['path'];
  if (typeof theirs !== 'string' || resolve(theirs) !== resolve(path)) {
    daemon.client.close();
    return undefined;
  }
  const records = new DaemonRecords(daemon.client);
  const get = (key: string) => entryOf(records, key, now);
  return {
    store: { get },
    otherSettingsSince: otherSettingsSince(daemon.status, config),
    close: () => records.close(),
  };
}

// One of an earlier version does not say by which it goes.
function otherSettingsSince(
  { settings, configuredAt }: JsonFields,
  config: Config,
): string | undefined {
  if (typeof settings !== 'string' || settings === settingsDigest(config)) return undefined;
  return String(configuredAt);
}

/** Who may not ask it is told of the store, and of all else that needs no filter. */
async function mayBeAsked(config: Config): ReturnType<typeof findDaemon> {
  try {
    return await findDaemon(config);
  } catch (error) {
    if (error instanceof AdminError) return undefined;
    throw error;
  }
}

async function entryOf(
  records: Pick<RecordsAccess, 'find'>,
  key: string,
  now: number,
): Promise<StoreEntry | undefined> {
  const record = await records.find(idOfKey(key));
  if (record === undefined) return undefined;
  try {
    const { value, expiresAt } = readRecord(record);
    return expiresAt > now ? { value, expiresAt, commit: undefined } : undefined;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const message = `the filter is of another version, whose records are not understood here: ${error.message}`;
    throw new AdminError('ADMIN_UNREACHABLE', message, { cause: error });
  }
}
