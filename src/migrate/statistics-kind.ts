import { CorrespondenceFormatError, ifReadable, isOfNewerFormat } from '../greylist/byte-reader.js';
import {
  decodeStatistics,
  encodeStatistics,
  parseStatisticsKey,
  readStatistics,
  startOfHour,
  statisticsKey,
  hourOf,
  writeStatistics,
} from '../greylist/statistics-record.js';
import type { Statistics } from '../greylist/statistics.js';
import { formatInstant, LAST_DATE, readInstant, RecordError } from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeStatistics);

/** What happened in an hour. */
export const statisticsKind: RecordKind = {
  name: 'statistics',
  write: ({ key, value, expiresAt }) => {
    const hour = parseStatisticsKey(key);
    const statistics = hour === undefined ? undefined : decode(value);
    if (hour === undefined || statistics === undefined) return undefined;
    if (Math.max(startOfHour(hour), expiresAt) > LAST_DATE) return undefined;
    return {
      from: formatInstant(startOfHour(hour)),
      ...writeStatistics(statistics),
      expiresAt: formatInstant(expiresAt),
    };
  },
  read: (fields) => ({
    key: statisticsKey(hourOf(readInstant(fields, 'from'))),
    value: encodeStatistics(readFields(fields)),
    expiresAt: readInstant(fields, 'expiresAt'),
  }),
  isNewer: ({ key, value }) =>
    parseStatisticsKey(key) !== undefined && isOfNewerFormat(value, decodeStatistics),
  outline: ({ key }) =>
    parseStatisticsKey(key) === undefined ? undefined : { kind: 'statistics', clients: () => [] },
  merge: (mine, theirs) => {
    if (parseStatisticsKey(mine.key) === undefined) return undefined;
    return countOf(theirs) > countOf(mine) ? theirs : mine;
  },
};

/** Whether two saw the same mail nobody can tell, so the one that saw more is kept, and none is counted twice. */
function countOf({ value }: StoredRecord): number {
  const statistics = decode(value);
  if (statistics === undefined) return -1;
  const { decisions, neverCameBack } = statistics;
  return [...decisions.values()].reduce((sum, count) => sum + count, neverCameBack);
}

function readFields(fields: JsonFields): Statistics {
  try {
    return readStatistics(fields);
  } catch (error) {
    if (error instanceof CorrespondenceFormatError) throw new RecordError(error.message);
    throw error;
  }
}
