import type { ShownRecord } from '../../admin/records.js';
import type { RecordFilterTexts } from '../../admin/record-filter.js';
import { FirstOf, recordOrders } from '../../admin/record-order.js';
import { parseDuration } from '../../config/duration.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { followEvents } from './live-events.js';
import type { Output } from '../terminal/output.js';
import { queryOf } from './query-of.js';
import { requireDaemon } from './reach-daemon.js';
import { accessRecords, type PageOrder, type RecordsAccess } from './records-access.js';
import { formatRecords } from './records-text.js';
import { UsageError } from '../arguments/usage-error.js';

/** What says which records are meant. */
export interface FilterArguments {
  readonly client?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly 'older-than'?: string | undefined;
  readonly 'newer-than'?: string | undefined;
}

/** What `list` takes. */
export type ListArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> &
  FilterArguments & {
    readonly sort?: string | undefined;
    readonly reverse?: boolean | undefined;
    readonly follow?: boolean | undefined;
    readonly limit?: number | undefined;
    readonly json?: boolean | undefined;
  };

/** What a page has at most: also how many lines of a table share their columns' widths. */
const PAGE = 1000;

/** What a sorted list has if nobody says how many; all of it is kept in memory, here and there. */
const SORTED = 100;

/**
 * `greymilter list`: the records that are wanted, as a table or a JSON object a line; then, if that is
 * asked for, what changes of them.
 *
 * @throws UsageError, ConfigError, StoreError, AdminError
 */
export async function list(args: ListArguments, output: Output): Promise<number> {
  const filter = filterOf(args);
  const order = orderOf(args);
  const config = await findSettings(args);
  const print = printer(args, output);
  const printAll = async (): Promise<void> => {
    const access = await accessRecords(config, 'read');
    try {
      const pages =
        order === undefined
          ? pagesOf(access, filter, args.limit ?? Infinity)
          : sortedOf(access, filter, { ...order, limit: args.limit ?? SORTED });
      for await (const records of pages) print(records);
    } finally {
      await access.close();
    }
  };
  if (args.follow === true) await follow(args, filter, { printAll, print, output });
  else await printAll();
  return exitCodes.done;
}

/** The filter of the admin interface that some options mean. @throws UsageError */
export function filterOf(args: FilterArguments): RecordFilterTexts {
  const { client, from, to, kind, state } = args;
  const [olderThan, newerThan] = (['older-than', 'newer-than'] as const).map((name) =>
    secondsOf(name, args[name]),
  );
  return {
    ...{ client, sender: from, recipient: to, kind, state },
    ...{ 'older-than': olderThan, 'newer-than': newerThan },
  };
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
    const page = await access.page(filter, { limit: Math.min(PAGE, left), cursor });
    if (page.records.length > 0) yield page.records;
    left -= page.records.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}

/** The first of all records that a filter wants, in some order: the first of what is first in each part. */
async function* sortedOf(
  access: RecordsAccess,
  filter: RecordFilterTexts,
  order: PageOrder & { readonly limit: number },
): AsyncGenerator<readonly ShownRecord[], void, undefined> {
  const { limit, isReverse } = order;
  const first = new FirstOf<ShownRecord>(limit, { isReverse });
  let cursor: string | undefined;
  do {
    const { records, keys = [], next } = await access.page(filter, { limit, cursor, order });
    for (const [index, record] of records.entries()) first.add(keys[index] ?? '', record);
    cursor = next;
  } while (cursor !== undefined);
  const found = first.take().map(({ item }) => item);
  if (found.length > 0) yield found;
}

function orderOf({ sort, reverse, follow, limit = 0 }: ListArguments): PageOrder | undefined {
  if (sort === undefined) {
    if (reverse === true) throw new UsageError('--reverse: of what? Say --sort as well');
    return undefined;
  }
  const by = recordOrders.find((each) => each === sort);
  if (by === undefined) {
    throw new UsageError(`--sort ${sort} must be one of ${recordOrders.join(', ')}`);
  }
  if (follow === true) throw new UsageError('what is still to come cannot be sorted');
  if (limit > PAGE) {
    throw new UsageError(
      `--sort goes with a --limit up to ${PAGE}; "list --json | sort" has no limit`,
    );
  }
  return { by, isReverse: reverse === true };
}

function secondsOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = parseDuration(text);
  if (!('ok' in parsed)) {
    throw new UsageError(`--${name} ${text} ${parsed.problem}: ${parsed.hint ?? 'write 4h or 2d'}`);
  }
  return String(Math.round(parsed.ok / 1000));
}

/** Prints records; of tables only the first has a head. */
function printer(
  { json, follow }: ListArguments,
  output: Output,
): (records: readonly ShownRecord[]) => void {
  let isFirst = true;
  return (records) => {
    const withHead = isFirst || follow !== true;
    isFirst = false;
    const text =
      json === true
        ? records.map((record) => `${asciiJson(record)}\n`).join('')
        : formatRecords(records, Date.now(), withHead);
    output.print(text);
  };
}

/** It is listened before the list is read, so that nothing is missed between the two. */
async function follow(
  args: ListArguments,
  filter: RecordFilterTexts,
  parts: {
    readonly printAll: () => Promise<void>;
    readonly print: (records: readonly ShownRecord[]) => void;
    readonly output: Output;
  },
): Promise<void> {
  const { printAll, print, output } = parts;
  const client = await requireDaemon(args);
  const reader = {
    name: 'change',
    onReady: printAll,
    onEvent: (change: Readonly<Record<string, unknown>>) => {
      print([{ ...change, id: String(change['id']) }]);
      return false;
    },
  };
  await followEvents(client, `/v1/changes?${queryOf({ ...filter })}`, reader, output);
}
