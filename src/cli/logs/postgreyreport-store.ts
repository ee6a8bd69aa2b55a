import { idOfKey } from '../../admin/records.js';
import { keyOfTriplet } from '../../daemon/answers/foreign-terms.js';
import type { FatalTriplet } from '../../reports/fatal-triplets.js';
import { findConfig } from '../arguments/config-options.js';
import type { PostgreyreportArguments } from './postgreyreport-options.js';
import { accessRecords } from '../records/records-access.js';

/**
 * Leaves out what has got through since, as the filter that runs says, or the store if none does.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function withoutPassed(
  triplets: readonly FatalTriplet[],
  args: Pick<PostgreyreportArguments, 'config' | 'store'>,
): Promise<readonly FatalTriplet[]> {
  const { config } = await findConfig(args);
  const access = await accessRecords(config, 'read');
  try {
    const left: FatalTriplet[] = [];
    for (const triplet of triplets) {
      const { address, from, to } = triplet;
      const key = keyOfTriplet(config, { client: address.text, from, to });
      const record = key === undefined ? undefined : await access.find(idOfKey(key));
      if (!hasPassed(record?.['sources'])) left.push(triplet);
    }
    return left;
  } finally {
    await access.close();
  }
}

/** Whether any source has: the mail got through, from wherever. */
function hasPassed(sources: unknown): boolean {
  if (!Array.isArray(sources)) return false;
  return sources.some((source: unknown) => {
    return typeof source === 'object' && source !== null && 'passedAt' in source;
  });
}
