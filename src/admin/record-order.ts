import type { StoredRecord } from '../migrate/stored-record.js';
import type { OutlinedClient, RecordOutline } from '../migrate/record-outline.js';
import { AdminError } from './admin-error.js';
import { readFlag } from './query.js';

/** By what records can be sorted: times of the first and the last attempt, the end, who writes to whom. */
export const recordOrders = ['first', 'last', 'until', 'client', 'sender', 'recipient'] as const;

/** In which order records are wanted. */
export interface RecordOrder {
  readonly by: (typeof recordOrders)[number];
  /** The last first. */
  readonly isReverse: boolean;
}

/** @throws AdminError ADMIN_BAD_REQUEST */
export function parseRecordOrder(
  sort: string | undefined,
  reverse: string | undefined,
): RecordOrder | undefined {
  const isReverse = readFlag('reverse', reverse);
  if (sort === undefined) {
    if (isReverse) throw new AdminError('ADMIN_BAD_REQUEST', 'reverse: of what? Say sort as well');
    return undefined;
  }
  const by = recordOrders.find((each) => each === sort);
  if (by !== undefined) return { by, isReverse };
  const message = `sort: "${sort}" is none of ${recordOrders.join(', ')}`;
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}

/** A text by which records are compared: what comes first is less. */
export function orderKeyOf(
  { expiresAt }: StoredRecord,
  outline: RecordOutline,
  { by }: RecordOrder,
  now: number,
): string {
  switch (by) {
    case 'first':
      return timeKey(Math.min(...timesOf(outline, now, 'firstSeenAt')));
    case 'last':
      return timeKey(Math.max(...timesOf(outline, now, 'lastSeenAt')));
    case 'until':
      return timeKey(expiresAt);
    case 'client':
      return clientKey(outline.clients(now)[0]);
    case 'sender':
      return addressKey(outline.sender);
    case 'recipient':
      return addressKey(outline.recipient);
  }
}

/** The first of many, in an order; never more than twice as many are kept. */
export class FirstOf<T> {
  readonly #limit: number;
  readonly #order: Pick<RecordOrder, 'isReverse'>;
  #kept: { readonly key: string; readonly item: T }[] = [];

  constructor(limit: number, order: Pick<RecordOrder, 'isReverse'>) {
    this.#limit = limit;
    this.#order = order;
  }

  add(key: string, item: T): void {
    this.#kept.push({ key, item });
    if (this.#kept.length >= 2 * this.#limit) this.#cut();
  }

  /** In order. */
  take(): readonly { readonly key: string; readonly item: T }[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    const sign = this.#order.isReverse ? -1 : 1;
    this.#kept.sort((one, other) =>
      one.key === other.key ? 0 : one.key < other.key ? -sign : sign,
    );
    this.#kept = this.#kept.slice(0, this.#limit);
  }
}

function timesOf(
  outline: RecordOutline,
  now: number,
  name: 'firstSeenAt' | 'lastSeenAt',
): readonly number[] {
  const times = outline.clients(now).map((client) => client[name]);
  return times.length === 0 ? [0] : times;
}

/** Milliseconds have thirteen digits for some centuries. */
function timeKey(at: number): string {
  return String(at).padStart(16, '0');
}

function clientKey(client: OutlinedClient | undefined): string {
  if (client?.network === undefined) return '';
  const { family, bytes } = client.network;
  return `${family}${Buffer.from(bytes).toString('hex')}`;
}

/** By domain first. */
function addressKey(address = ''): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(at + 1)}\0${address.slice(0, Math.max(at, 0))}`.toLowerCase();
}
