import { randomInt } from 'node:crypto';
import { damagedError, newerFormatError, notOursError } from './store-errors.js';
import type { HashSecret } from './slot-hash.js';

/** What a database of ours says of itself. It is JSON, so that any LevelDB tool shows it. */
export interface StoreIdentity {
  /** How often the store has been opened; makes the names of expiry pages unique. */
  readonly generation: number;
  readonly hashSecret: HashSecret;
}

const MAGIC = 'greymilter';

/** Raised by every change of the layout that an older version would misread. */
export const STORE_FORMAT = 1;

export function createIdentity(): StoreIdentity {
  return { generation: 1, hashSecret: [randomInt(2 ** 32), randomInt(2 ** 32)] };
}

export function encodeIdentity({ generation, hashSecret }: StoreIdentity): Buffer {
  return Buffer.from(
    JSON.stringify({ magic: MAGIC, format: STORE_FORMAT, generation, hashSecret }),
  );
}

function isWord(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

function parseObject(bytes: Buffer): object | undefined {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // Not JSON, hence not written by us; the caller says so.
    return undefined;
  }
}

/**
 * @throws StoreError STORE_NOT_OURS if the magic is another's, STORE_NEWER_FORMAT, STORE_DAMAGED
 */
export function decodeIdentity(bytes: Buffer, path: string): StoreIdentity {
  const identity = parseObject(bytes);
  if (identity === undefined || !('magic' in identity) || identity.magic !== MAGIC) {
    throw notOursError(path, 'its LevelDB was made by another program');
  }
  if (!('format' in identity) || !isWord(identity.format) || identity.format < 1) {
    throw damagedError(path, 'its format version is unreadable');
  }
  if (identity.format > STORE_FORMAT) {
    throw newerFormatError(path, identity.format, STORE_FORMAT);
  }
  if ('generation' in identity && isWord(identity.generation) && 'hashSecret' in identity) {
    const secret: unknown = identity.hashSecret;
    if (Array.isArray(secret) && isWord(secret[0]) && isWord(secret[1])) {
      return { generation: identity.generation, hashSecret: [secret[0], secret[1]] };
    }
  }
  throw damagedError(path, 'its identity is incomplete');
}
