import { isOfNewerFormat } from '../greylist/byte-reader.js';
import { decodeTarpit, isTarpitKey } from '../greylist/tarpit-record.js';
import { formatInstant, LAST_DATE, readInstant, readText, RecordError } from './json-fields.js';
import { mergeTarpits } from './merge-tarpits.js';
import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

/**
 * Whatever no other kind understands: damaged, or written by a newer version, or what became of a
 * tarpit, which has no JSON of its own. It goes from store to store as it is, so that nothing is lost.
 */
export const opaqueKind: RecordKind = {
  name: 'opaque',
  write: ({ key, value, expiresAt }) => ({
    key: Buffer.from(key).toString('base64'),
    value: Buffer.from(value).toString('base64'),
    expiresAt: formatInstant(Math.min(expiresAt, LAST_DATE)),
  }),
  read: (fields) => {
    const key = readBase64(readText(fields, 'key'), 'key').toString('utf8');
    if (key === '') throw new RecordError('"key" is empty');
    const value = readBase64(readText(fields, 'value'), 'value');
    return { key, value, expiresAt: readInstant(fields, 'expiresAt') };
  },
  isNewer: ({ key, value }) => isTarpitKey(key) && isOfNewerFormat(value, decodeTarpit),
  outline: () => ({ kind: 'opaque', clients: () => [] }),
  merge: (mine, theirs, now) =>
    isTarpitKey(mine.key) ? mergeTarpits(mine, theirs, now) : keepLonger(mine, theirs),
};

/** The one that lives longer; the first if both live as long. */
export function keepLonger(mine: StoredRecord, theirs: StoredRecord): StoredRecord {
  return theirs.expiresAt > mine.expiresAt ? theirs : mine;
}

function readBase64(text: string, name: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new RecordError(`"${name}" is no base64`);
  return bytes;
}
