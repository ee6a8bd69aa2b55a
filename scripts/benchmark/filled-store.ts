import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openLevelStore, type LevelStore } from '../../src/store/level-store.js';
import { fill } from '../scale/filling.js';

/** A store that is full of triplets, none of them due for renewal. */
export interface FilledStore {
  readonly path: string;
  readonly triplets: number;
  /** Of all its files. */
  readonly bytes: Readonly<Record<'filled' | 'compacted', number>>;
}

/** What is kept beside a store in the cache. */
type Note = Pick<FilledStore, 'triplets' | 'bytes'> & {
  readonly filledAt: number;
  /** How it was filled. */
  readonly form?: number;
};

/** Of the stores that are made now; others in the cache are not used. */
const FORM = 2;

const DAY_MS = 86_400_000;

/** How long a store is used after it was filled. */
const KEPT_MS = 14 * DAY_MS;

/** Longer than any filling takes: nothing is swept meanwhile. */
const noSweep = { intervalMs: 2_000_000_000, batch: 64 };

/** Where full stores are made, and kept from one run to the next. */
export class StoreShelf {
  readonly #cache: string;
  readonly #tell: (line: string) => void;
  readonly #now: () => number;

  /** @param cache a folder; made if it is missing */
  constructor(cache: string, tell: (line: string) => void, now: () => number = Date.now) {
    this.#cache = cache;
    this.#tell = tell;
    this.#now = now;
    mkdirSync(cache, { recursive: true });
  }

  /** A store of its own for the caller, copied to this path. */
  async take(triplets: number, path: string): Promise<FilledStore> {
    const original = join(this.#cache, `triplets-${triplets}`);
    const noteFile = `${original}.json`;
    const note = this.#read(noteFile) ?? (await this.#make(triplets, original));
    writeFileSync(noteFile, JSON.stringify(note));
    rmSync(path, { recursive: true, force: true });
    await cp(original, path, { recursive: true });
    return { path, triplets, bytes: note.bytes };
  }

  async #make(triplets: number, path: string): Promise<Note> {
    rmSync(path, { recursive: true, force: true });
    const filledAt = this.#now();
    const startedAt = performance.now();
    // As if at the end of the time that it is kept: what is due for renewal is written when it is asked for,
    // and would be compared with what is only read.
    await fillStore(path, { triplets, now: filledAt + KEPT_MS }, (done) => {
      this.#tell(`${done} of ${triplets} triplets are stored`);
    });
    const seconds = (performance.now() - startedAt) / 1000;
    this.#tell(`${triplets} triplets are stored, ${(triplets / seconds).toFixed(0)} a second`);
    const filled = await bytesBelow(path);
    await compactStore(path);
    const bytes = { filled, compacted: await bytesBelow(path) };
    return { triplets, filledAt, form: FORM, bytes };
  }

  #read(file: string): Note | undefined {
    if (!existsSync(file)) return undefined;
    // It is our own, written when the store was complete.
    const note = JSON.parse(readFileSync(file, 'utf8')) as Note;
    return note.form === FORM && this.#now() - note.filledAt < KEPT_MS ? note : undefined;
  }
}

/** Stores triplets in a store of this path, as they would be at this time. */
export async function fillStore(
  path: string,
  { triplets, now }: { readonly triplets: number; readonly now: number },
  tell: (done: number) => void,
): Promise<void> {
  const store = await open(path);
  try {
    // At the end each of the many writers would say so.
    await fill(store, { count: triplets, now }, (done) => {
      if (done < triplets) tell(done);
    });
  } finally {
    await store.close();
  }
}

/** Lets go of what is written over in a store, as `greymilter compact` does. */
async function compactStore(path: string): Promise<void> {
  const store = await open(path);
  try {
    for await (const {} of store.compact());
  } finally {
    await store.close();
  }
}

function open(path: string): Promise<LevelStore> {
  const clock = { now: () => Date.now() };
  return openLevelStore({ path, durability: 'process', clock, sweep: noSweep });
}

/** All files of a folder, together. */
export async function bytesBelow(path: string): Promise<number> {
  const names = await readdir(path);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
