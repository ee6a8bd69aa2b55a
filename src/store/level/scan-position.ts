import { RECORD_RANGE, SLOT_KEY_BYTES } from './layout.js';
import type { KeyedEntry, Slot } from './slot.js';

/** Where a scan has come to: a slot, and if others share it the key of an entry. */
export interface ScanPosition {
  readonly slotKey: Uint8Array;
  /** Undefined: behind the whole slot. */
  readonly key: string | undefined;
}

/** The entries of a slot in the order of a scan, without those that it has had already. */
export function entriesBehind(
  position: ScanPosition | undefined,
  slotKey: Uint8Array,
  slot: Slot,
): Slot {
  const inOrder = slot.length < 2 ? slot : [...slot].sort((a, b) => (a.key < b.key ? -1 : 1));
  if (position === undefined || Buffer.compare(position.slotKey, slotKey) !== 0) return inOrder;
  const { key } = position;
  return key === undefined ? [] : inOrder.filter((entry) => entry.key > key);
}

/** The slot's bytes in hexadecimal digits; behind a dot the key, if the slot has others. */
export function formatPosition(slotKey: Uint8Array, slot: Slot, { key }: KeyedEntry): string {
  const { buffer, byteOffset } = slotKey;
  const digits = Buffer.from(buffer, byteOffset + 1, SLOT_KEY_BYTES - 1).toString('hex');
  return slot.length < 2 ? digits : `${digits}.${Buffer.from(key).toString('base64url')}`;
}

/** @throws RangeError for anything else than {@link formatPosition} has made */
export function parsePosition(text: string): ScanPosition {
  const [, digits, key] = /^((?:[0-9a-f]{2})+)(?:\.([\w-]*))?$/.exec(text) ?? [];
  if (digits?.length !== 2 * (SLOT_KEY_BYTES - 1)) {
    throw new RangeError(`"${text}" is no position of a scan`);
  }
  return {
    slotKey: Buffer.concat([RECORD_RANGE.gte, Buffer.from(digits, 'hex')]),
    key: key === undefined ? undefined : Buffer.from(key, 'base64url').toString('utf8'),
  };
}
