/**
 * A place in a scan: behind some of the entries of one page of one server. Cursors mean something to the
 * process alone that has given them out, so it is told by which.
 */
export interface ScanPlace {
  readonly firstSlot: number;
  /** The first characters of the server's run id. */
  readonly run: string;
  /** Where the page begins, as the server says it. */
  readonly cursor: string;
  /** Hashes of the keys of this page that have been yielded, in a row. */
  readonly yielded: string;
}

export const RUN_CHARACTERS = 8;
const HASH_CHARACTERS = 7;

/** Short, and good enough to tell the few keys of one page from each other (FNV-1a). */
export function shortHash(key: Buffer): string {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36).padStart(HASH_CHARACTERS, '0');
}

export function formatPlace({ firstSlot, run, cursor, yielded }: ScanPlace): string {
  return `${firstSlot}.${run}.${cursor}.${yielded}`;
}

/** @throws RangeError if this is no position that we have given out */
export function parsePlace(position: string): ScanPlace {
  const [, firstSlot, run, cursor, yielded] =
    /^(\d{1,5})\.([0-9a-f]{8})\.(\d{1,20})\.((?:[0-9a-z]{7})+)$/.exec(position) ?? [];
  if (
    firstSlot === undefined ||
    run === undefined ||
    cursor === undefined ||
    yielded === undefined
  ) {
    throw new RangeError(`"${position}" is no position of a scan`);
  }
  return { firstSlot: Number(firstSlot), run, cursor, yielded };
}

/** The hashes that a place has, one by one. */
export function hashesOf({ yielded }: ScanPlace): ReadonlySet<string> {
  return new Set(yielded.match(/.{7}/g));
}
