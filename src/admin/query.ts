import { AdminError } from './admin-error.js';

/** Records of a page if nobody says how many, and at most. */
const PAGE_LIMIT = { usual: 100, most: 1000 } as const;

/** @throws AdminError ADMIN_BAD_REQUEST if there are parameters that nobody reads */
export function refuseUnknown(texts: object, known: readonly string[]): void {
  const unknown = Object.keys(texts).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new AdminError('ADMIN_BAD_REQUEST', `${unknown}: there is no such parameter`);
}

/** @throws AdminError ADMIN_BAD_REQUEST */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return PAGE_LIMIT.usual;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= PAGE_LIMIT.most) return limit;
  const message = `limit: "${text}" is no whole number from 1 to ${PAGE_LIMIT.most}`;
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}

/** @throws AdminError ADMIN_BAD_REQUEST */
export function readFlag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new AdminError('ADMIN_BAD_REQUEST', `${name}: "${text}" is neither true nor false`);
}

/** Fifty years, within what a store can say: what is later than that nobody has meant. */
export const MOST_SECONDS = 50 * 366 * 86_400;

/** @throws AdminError ADMIN_BAD_REQUEST */
export function readSeconds(name: string, text: string | undefined): number {
  const seconds = /^\d{1,10}$/.test(text ?? '') ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  const message = `${name}: "${text ?? ''}" is no whole number from 1 to ${MOST_SECONDS}`;
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}
