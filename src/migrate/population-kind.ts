import { isOfNewerFormat } from '../greylist/byte-reader.js';
import { decodePopulationState, isPopulationKey } from '../greylist/population-record.js';
import { formatInstant, LAST_DATE, RecordError } from './json-fields.js';
import type { RecordKind } from './record-kinds.js';

/**
 * What the filters of a shared store have counted in it: of no use to any other store, so exports leave it
 * out.
 */
export const populationKind: RecordKind = {
  name: 'population',
  write: ({ key, expiresAt }) =>
    isPopulationKey(key)
      ? { key, expiresAt: formatInstant(Math.min(expiresAt, LAST_DATE)) }
      : undefined,
  read: () => {
    throw new RecordError('what a store holds is counted, and not imported');
  },
  // Both records of it say their version in the same way.
  isNewer: ({ key, value }) =>
    isPopulationKey(key) && isOfNewerFormat(value, decodePopulationState),
  outline: ({ key }) =>
    isPopulationKey(key) ? { kind: 'population', clients: () => [] } : undefined,
  merge: (mine) => (isPopulationKey(mine.key) ? mine : undefined),
};
