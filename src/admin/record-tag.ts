import { createHash } from 'node:crypto';
import { wholeSecond } from '../store/whole-second.js';

/** Enough that no two states of a record are taken for each other. */
const TAG_LENGTH = 22;

/**
 * Stands for a record as it is: whoever names it later (`If-Match`) wants the record only if nobody
 * has changed it meanwhile. Stores round up to whole seconds.
 */
export function tagOf({
  value,
  expiresAt,
}: {
  readonly value: Uint8Array;
  readonly expiresAt: number;
}): string {
  const hash = createHash('sha256').update(String(wholeSecond(expiresAt)));
  return hash.update(' ').update(value).digest('base64url').slice(0, TAG_LENGTH);
}
