import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openLevelStore, type LevelStore } from '../../src/store/level-store.js';
import type { SlotHash } from '../../src/store/level/slot-hash.js';
import { StoreError } from '../../src/store/store.js';
import { limitFiles } from '../support/limit-files.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { scanned, type StoreRig } from './store-rig.js';

/** How a store is opened where the contract leaves it open. */
export interface LevelRigOptions {
  readonly durability?: 'process' | 'power';
  readonly slotHash?: SlotHash;
  /** After so many it has also learnt which slots are empty, if it can, when it is given to the test. */
  readonly leastMisses?: number;
  /** Where the journal is; none without it. Not in memory: a store does not ask for that. */
  readonly journal?: string | undefined;
}

/** Opens a store on a clock that only the test moves, the monotonic one with it. */
export async function openOn(
  path: string,
  clock: ManualClock,
  options: LevelRigOptions = {},
): Promise<LevelStore> {
  const store = await openLevelStore({
    path,
    durability: options.durability ?? 'process',
    journal: options.journal,
    leastMisses: options.leastMisses,
    clock: { now: clock.now, monotonicNow: clock.now },
    ...(options.slotHash === undefined ? {} : { slotHash: options.slotHash }),
  });
  if (options.leastMisses !== undefined) await haveItLearn(store);
  return store;
}

/** Looks in vain for more than the files of a small store let it expect, and waits for as long as all is read. */
async function haveItLearn(store: LevelStore): Promise<void> {
  try {
    for (let index = 0; index < 1000; index++) store.get(`nowhere ${index}`);
    for (let times = 0; times < 3; times++) {
      await store.stats();
      await scanned(store);
    }
  } catch (error) {
    // In a damaged store there is nothing to be learnt.
    if (!(error instanceof StoreError)) throw error;
  }
}

/** A real database in a real directory. */
export class LevelRig implements StoreRig {
  readonly clock: ManualClock;
  path: string;
  store: LevelStore;
  readonly #options: LevelRigOptions;
  readonly #root: string;
  #copies = 0;

  private constructor(
    root: string,
    parts: Pick<LevelRig, 'clock' | 'path' | 'store'>,
    options: LevelRigOptions,
  ) {
    this.#root = root;
    this.#options = options;
    this.clock = parts.clock;
    this.path = parts.path;
    this.store = parts.store;
  }

  /** A store whose journal is beside it. */
  static async openJournaled(t: TestContext): Promise<LevelRig> {
    return await LevelRig.open(t, { journal: createTempDirectory(t) });
  }

  static async open(t: TestContext, options: LevelRigOptions = {}): Promise<LevelRig> {
    const root = createTempDirectory(t);
    const path = join(root, 'db');
    const clock = createManualClock();
    const rig = new LevelRig(
      root,
      { clock, path, store: await openOn(path, clock, options) },
      options,
    );
    t.after(() => rig.store.close());
    return rig;
  }

  failWrites(on: boolean): void {
    limitFiles(on);
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await openOn(this.path, this.clock, this.#options);
  }

  /** What the operating system has been given by now is what a killed process leaves. */
  async crash(): Promise<void> {
    const copy = join(this.#root, `copy-${String(this.#copies++)}`);
    const { journal } = this.#options;
    cpSync(this.path, copy, { recursive: true });
    if (journal !== undefined) cpSync(journal, `${copy}.journal`, { recursive: true });
    await this.store.close();
    if (journal !== undefined) cpSync(`${copy}.journal`, journal, { recursive: true });
    this.path = copy;
    this.store = await openOn(copy, this.clock, this.#options);
  }

  async breakReads(): Promise<void> {
    // Twice, so that what the store says of itself also stands in a newer, sound table.
    await this.reopen();
    await this.store.close();
    garbleLargestTable(this.path);
    this.store = await openOn(this.path, this.clock, this.#options);
  }
}

/** Overwrites the records of the largest table, but not its index, which stands at the end. */
export function garbleLargestTable(path: string): void {
  const tables = readdirSync(path).filter((name) => name.endsWith('.ldb'));
  const paths = tables.map((name) => join(path, name));
  const largest = paths.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
  const content = readFileSync(largest);
  writeFileSync(largest, content.fill(0xff, 0, content.length >> 1));
}
