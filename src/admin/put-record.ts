import { RecordError, parseFields } from '../migrate/json-fields.js';
import { readRecord } from '../migrate/json-lines.js';
import type { StoredRecord } from '../migrate/stored-record.js';
import type { GreylistStore } from '../store/store.js';
import { AdminError } from './admin-error.js';
import { keyOfId } from './records.js';
import { tagOf } from './record-tag.js';

/** A record, and what it is to take the place of. */
export interface PutRecord {
  readonly id: string;
  /** As a list shows it. */
  readonly text: string;
  /** The header `If-Match`: the tag of the record that is there. */
  readonly ifMatch: string | undefined;
}

/**
 * Puts a record in the place of what somebody has seen there, in one step: if it was changed
 * meanwhile, or deleted, it is left as it is.
 *
 * @throws AdminError ADMIN_BAD_REQUEST, ADMIN_CHANGED, StoreError
 */
export async function putRecord(
  store: Pick<GreylistStore, 'get' | 'compareAndSet'>,
  { id, text, ifMatch }: PutRecord,
): Promise<void> {
  const tag = /^"([\w-]+)"$/.exec(ifMatch ?? '')?.[1];
  if (tag === undefined) {
    throw new AdminError('ADMIN_BAD_REQUEST', 'send If-Match: and the tag of what is there');
  }
  const { key, value, expiresAt } = readPut(text);
  if (key !== keyOfId(id)) {
    throw new AdminError('ADMIN_BAD_REQUEST', 'the record is of another id');
  }
  const entry = await store.get(key);
  const isAsSeen = entry !== undefined && tagOf(entry) === tag;
  if (isAsSeen && (await store.compareAndSet(key, entry, { value, expiresAt }))) return;
  throw new AdminError(
    'ADMIN_CHANGED',
    entry === undefined
      ? 'the record was deleted meanwhile, and stays so'
      : 'the record was changed meanwhile, and stays as it is now',
  );
}

function readPut(text: string): StoredRecord {
  try {
    return readRecord(parseFields(text));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new AdminError('ADMIN_BAD_REQUEST', `the record ${error.message}`, { cause: error });
  }
}
