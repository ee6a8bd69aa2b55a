import { randomFillSync } from 'node:crypto';
import {
  SKETCH_COLUMNS as COLUMNS,
  SKETCH_ROWS as ROWS,
  type NetworkSketch,
} from '../../greylist/network-sketch.js';
import type { IpAddress } from '../../mail/ip-address.js';

/**
 * How many of something each network has, IPv4 /24 and IPv6 /48, in a memory that never grows: a
 * count-min sketch. Each network has a number in every row, which it shares with some others, and the
 * least of them is its count.
 *
 * A count is never too low for what was added and removed. It is too high by more than `excess` for at
 * most one network in eighty; networks do not choose with whom they share, for that is drawn by lot for
 * each.
 */
export class NetworkCounts {
  readonly #cells: Uint32Array;
  readonly #seeds: Int32Array;
  #total: number;

  /** @param sketch what was counted before; it is ours from now on */
  constructor(sketch?: NetworkSketch) {
    this.#cells = sketch?.cells ?? new Uint32Array(ROWS * COLUMNS);
    this.#seeds = sketch?.seeds ?? randomFillSync(new Int32Array(ROWS));
    this.#total = sketch?.total ?? 0;
  }

  /** Of all networks, exactly. */
  get total(): number {
    return this.#total;
  }

  /** Three times what all leave in a number of a row on average: one number in three at most has more. */
  get excess(): number {
    return (3 * this.#total) / COLUMNS;
  }

  /** What is counted now, to be written down at once: it goes on changing. */
  get sketch(): NetworkSketch {
    return { total: this.#total, seeds: this.#seeds, cells: this.#cells };
  }

  add(address: IpAddress): void {
    this.#total += 1;
    this.#change(address, 1);
  }

  /** Of what was not added nothing is removed. */
  remove(address: IpAddress): void {
    if (this.of(address) === 0) return;
    this.#total -= 1;
    this.#change(address, -1);
  }

  of({ family, bytes }: IpAddress): number {
    const [high, low] = networkWords(family, bytes);
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < ROWS; row++) {
      least = Math.min(least, this.#cells[this.#place(row, high, low)] ?? 0);
    }
    return least;
  }

  #change({ family, bytes }: IpAddress, by: 1 | -1): void {
    const [high, low] = networkWords(family, bytes);
    for (let row = 0; row < ROWS; row++) {
      const place = this.#place(row, high, low);
      this.#cells[place] = (this.#cells[place] ?? 0) + by;
    }
  }

  #place(row: number, high: number, low: number): number {
    const mixed = mix(mix((this.#seeds[row] ?? 0) ^ high) ^ low);
    return row * COLUMNS + (mixed >>> 16);
  }
}

/** The network in two words, of which those of IPv4 are none of IPv6. */
function networkWords(family: IpAddress['family'], bytes: Uint8Array): readonly [number, number] {
  const word = (at: number): number =>
    ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return family === 4 ? [-1, word(0)] : [word(0), word(3)];
}

/** The end of MurmurHash3: every bit of the word has to do with every bit of the result. */
function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
