import { idOfKey } from '../../admin/records.js';
import { keyOfTriplet, type TypedTriplet } from '../../daemon/answers/foreign-terms.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { accessRecords } from './records-access.js';
import { formatRecords } from './records-text.js';
import { formatStory } from './story-text.js';
import { UsageError } from '../arguments/usage-error.js';

/** What `lookup` takes. */
export type LookupArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> &
  TypedTriplet & { readonly json?: boolean | undefined };

/**
 * `greymilter lookup CLIENT FROM TO`: the record in which a triplet would be found, and how it came to that.
 *
 * @returns 1 if there is none
 * @throws UsageError, ConfigError, StoreError, AdminError
 */
export async function lookup(args: LookupArguments, output: Output): Promise<number> {
  const config = await findSettings(args);
  const key = keyOfTriplet(config, args);
  if (key === undefined) throw new UsageError(`${args.client} is no address`);
  const access = await accessRecords(config, 'read');
  try {
    const record = await access.find(idOfKey(key));
    if (record === undefined) {
      output.error('Nothing is known: whoever sends this is new.\n');
      return exitCodes.no;
    }
    const now = Date.now();
    const context = { client: args.client, delayMs: config.greylist.delay, now };
    output.print(
      args.json === true
        ? `${asciiJson(record)}\n`
        : `${formatRecords([record], now)}\n${formatStory(record, context)}`,
    );
    return exitCodes.done;
  } finally {
    await access.close();
  }
}
