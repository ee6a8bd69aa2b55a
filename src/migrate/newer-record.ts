import { isOfNewerFormat } from '../greylist/byte-reader.js';
import { decodeClientAutowhite } from '../greylist/client-autowhite-codec.js';
import { parseClientAutowhiteKey } from '../greylist/client-autowhite-key.js';
import { decodeCorrespondence } from '../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import { decodeHandExceptions, HAND_EXCEPTIONS_KEY } from '../greylist/hand-exceptions.js';
import { decodePopulationState, isPopulationKey } from '../greylist/population-record.js';
import { decodeReply, parseReplyKey } from '../greylist/reply-record.js';
import { decodeStatistics, parseStatisticsKey } from '../greylist/statistics-record.js';
import { decodeTarpit, isTarpitKey } from '../greylist/tarpit-record.js';
import type { StoredRecord } from './stored-record.js';

type Format = readonly [isKey: (key: string) => boolean, decode: (value: Uint8Array) => unknown];

/** All that is stored, by its keys. */
const formats: readonly Format[] = [
  [(key) => parseCorrespondenceKey(key) !== undefined, decodeCorrespondence],
  [(key) => parseClientAutowhiteKey(key) !== undefined, decodeClientAutowhite],
  [(key) => parseReplyKey(key) !== undefined, decodeReply],
  [(key) => parseStatisticsKey(key) !== undefined, decodeStatistics],
  [(key) => key === HAND_EXCEPTIONS_KEY, decodeHandExceptions],
  [isTarpitKey, decodeTarpit],
  // Both records of it say their version in the same way.
  [isPopulationKey, decodePopulationState],
];

/** Whether a later version has written a record, which must be left as it is then. */
export function isNewerRecord({ key, value }: Pick<StoredRecord, 'key' | 'value'>): boolean {
  return formats.some(([isKey, decode]) => isKey(key) && isOfNewerFormat(value, decode));
}
