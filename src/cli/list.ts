import type { ShownRecord } from '../admin/records.js';
import type { RecordFilterTexts } from '../admin/record-filter.js';
import { findConfig, type ConfigArguments } from './config-options.js';
import { exitCodes } from './exit-codes.js';
import type { Output } from './output.js';
import { accessRecords, type RecordsAccess } from './records-access.js';
import { formatRecords } from './records-text.js';

/** What says which records are meant. */
export interface FilterArguments {
  readonly client?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
}

/** What `list` takes. */
export type ListArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> &
  FilterArguments & {
    readonly limit?: number | undefined;
    readonly json?: boolean | undefined;
  };

/** What a page has at most: also how many lines of a table share their columns' widths. */
const PAGE = 1000;

/**
 * `greymilter list`: the records that are wanted, as a table or a JSON object a line.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function list(args: ListArguments, output: Output): Promise<number> {
  const { config } = await findConfig(args);
  const access = await accessRecords(config, 'read');
  const now = Date.now();
  try {
    for await (const records of pagesOf(access, filterOf(args), args.limit ?? Infinity)) {
      const text =
        args.json === true
          ? records.map((record) => `${JSON.stringify(record)}\n`).join('')
          : formatRecords(records, now);
      output.print(text);
    }
  } finally {
    await access.close();
  }
  return exitCodes.done;
}

/** The filter of the admin interface that some options mean. */
export function filterOf({ client, from, to, kind, state }: FilterArguments): RecordFilterTexts {
  return { client, sender: from, recipient: to, kind, state };
}

/** All records that a filter wants, up to a limit, page by page; no page is empty. */
export async function* pagesOf(
  access: RecordsAccess,
  filter: RecordFilterTexts,
  limit: number,
): AsyncGenerator<readonly ShownRecord[], void, undefined> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = await access.page(filter, Math.min(PAGE, left), cursor);
    if (page.records.length > 0) yield page.records;
    left -= page.records.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}
