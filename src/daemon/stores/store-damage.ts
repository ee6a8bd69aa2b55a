import type { BadFile, StoreCheck } from '../../store/check-level-store.js';
import type { Clock } from '../process/clock.js';

/** What is known of damage in the files of the store. */
export class StoreDamage {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #blocks: ReadonlyMap<string, number> = new Map();
  #sinceAt: number | undefined;
  #checkedAt: number | undefined;

  /** @param onChange called when it begins, or is there no more */
  constructor(clock: Clock, onChange: () => void = () => undefined) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** How many blocks are damaged. */
  get blocks(): number {
    return [...this.#blocks.values()].reduce((sum, blocks) => sum + blocks, 0);
  }

  /** When it was found, RFC 3339; undefined if there is none. */
  get since(): string | undefined {
    return this.#sinceAt === undefined ? undefined : new Date(this.#sinceAt).toISOString();
  }

  /** When the last check of all files ended, epoch milliseconds. */
  get checkedAt(): number | undefined {
    return this.#checkedAt;
  }

  /** A check under way has found a damaged file. */
  add({ name, blocks }: BadFile): void {
    this.#set(new Map(this.#blocks).set(name, blocks));
  }

  /** All files have been checked. */
  settle({ bad }: Pick<StoreCheck, 'bad'>): void {
    this.#checkedAt = this.#clock.now();
    this.#set(new Map(bad.map(({ name, blocks }) => [name, blocks])));
  }

  #set(blocks: ReadonlyMap<string, number>): void {
    const [was, is] = [this.#blocks.size > 0, blocks.size > 0];
    this.#blocks = blocks;
    if (was === is) return;
    this.#sinceAt = is ? this.#clock.now() : undefined;
    this.#onChange();
  }
}
