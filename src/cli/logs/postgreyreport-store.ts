import { idOfKey } from '../../admin/records.js';
import { keyOfTriplet } from '../../daemon/answers/foreign-terms.js';
import {
  asFields,
  readCount,
  readInstant,
  readOptionalText,
  readText,
} from '../../migrate/json-fields.js';
import { byAddress, waitingTriplet, type FatalTriplet } from '../../reports/fatal-triplets.js';
import { findSettings } from '../arguments/config-options.js';
import type { PostgreyreportArguments } from './postgreyreport-options.js';
import { accessRecords } from '../records/records-access.js';

/** Records of one answer. */
const PAGE = 1000;

/**
 * Leaves out what has got through since, as the filter that runs says, or the store if none does.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function withoutPassed(
  triplets: readonly FatalTriplet[],
  args: Pick<PostgreyreportArguments, 'config' | 'store'>,
): Promise<readonly FatalTriplet[]> {
  const config = await findSettings(args);
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

/**
 * What waits in the store, as the filter that runs says, or the store if none does. Senders and
 * recipients are as they are stored.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function waitingTriplets(
  args: Pick<PostgreyreportArguments, 'config' | 'store'>,
  now: number,
): Promise<readonly FatalTriplet[]> {
  const config = await findSettings(args);
  const access = await accessRecords(config, 'read');
  const found: FatalTriplet[] = [];
  try {
    let cursor: string | undefined;
    do {
      const page = await access.page({ state: 'pending' }, { limit: PAGE, cursor });
      for (const { sender, recipient, sources } of page.records) {
        if (typeof recipient !== 'string' || !Array.isArray(sources) || hasPassed(sources))
          continue;
        const parties = { from: typeof sender === 'string' ? sender : '', to: recipient, now };
        found.push(...sources.flatMap((source: unknown) => tripletOf(source, parties)));
      }
      cursor = page.next;
    } while (cursor !== undefined);
  } finally {
    await access.close();
  }
  return byAddress(found);
}

/** A client of a record that still waits. */
function tripletOf(
  source: unknown,
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: number },
): readonly FatalTriplet[] {
  const fields = asFields(source, 'a source');
  if (readInstant(fields, 'expiresAt') <= now) return [];
  const triplet = waitingTriplet({
    ...{ client: readText(fields, 'address'), from, to },
    name: readOptionalText(fields, 'name'),
    tries: readCount(fields, 'attempts', Number.MAX_SAFE_INTEGER),
    firstAt: readInstant(fields, 'firstSeenAt'),
    lastAt: readInstant(fields, 'lastSeenAt'),
  });
  return triplet === undefined ? [] : [triplet];
}

/** Whether any source has: the mail got through, from wherever. */
function hasPassed(sources: unknown): boolean {
  if (!Array.isArray(sources)) return false;
  return sources.some((source: unknown) => {
    return typeof source === 'object' && source !== null && 'passedAt' in source;
  });
}
