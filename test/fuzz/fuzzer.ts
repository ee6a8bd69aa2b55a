import { createRandom } from '../support/seeded-random.js';
import type { CoverageGuide } from './coverage-guide.js';
import type { FuzzFailure, FuzzTarget } from './fuzz-target.js';
import { below, mutate } from './mutate.js';

/** How a target is tried. */
export interface FuzzOptions {
  readonly seed: number;
  /** Inputs to begin with, beside those of the target. */
  readonly corpus?: readonly Buffer[];
  /** With it, inputs that lead somewhere new join the corpus. */
  readonly guide?: CoverageGuide;
  /** Told before each input. */
  readonly onInput?: (input: Buffer) => void;
  /** Told of each input that joins the corpus. */
  readonly onFound?: (input: Buffer) => void;
}

/** Inputs between two questions of what they have covered. */
const batchSize = 24;
const largestCorpus = 4000;

/** Tries one target with input after input, each made of one that is known. */
export class Fuzzer {
  readonly #target: FuzzTarget;
  readonly #options: FuzzOptions;
  readonly #random: () => number;
  readonly #corpus: Buffer[];
  #runs = 0;
  #slowest: { readonly ms: number; readonly input: Buffer } = { ms: 0, input: Buffer.alloc(0) };

  constructor(target: FuzzTarget, options: FuzzOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#corpus = [...target.seeds(), ...(options.corpus ?? [])].map((input) =>
      input.subarray(0, target.maxBytes),
    );
    if (this.#corpus.length === 0) this.#corpus.push(Buffer.alloc(0));
  }

  /** How many inputs have been tried. */
  get runs(): number {
    return this.#runs;
  }

  get corpusSize(): number {
    return this.#corpus.length;
  }

  get slowest(): { readonly ms: number; readonly input: Buffer } {
    return this.#slowest;
  }

  /** Tries the corpus as it is; undefined if all of it is stood. */
  async replay(): Promise<FuzzFailure | undefined> {
    for (const input of this.#corpus) {
      const failure = await this.#try(input);
      if (failure !== undefined) return failure;
    }
    this.#options.guide?.takeNew();
    return undefined;
  }

  /** Tries a number of new inputs; ends with the first that is not stood. */
  async tryInputs(count: number): Promise<FuzzFailure | undefined> {
    for (let left = count; left > 0; left -= batchSize) {
      const batch = Array.from({ length: Math.min(batchSize, left) }, () => this.#next());
      for (const input of batch) {
        const failure = await this.#try(input);
        if (failure !== undefined) return failure;
      }
      await this.#learn(batch);
    }
    return undefined;
  }

  #next(): Buffer {
    const { words, maxBytes } = this.#target;
    const random = this.#random;
    return mutate(this.#pick(), { random, words, maxBytes, other: () => this.#pick() });
  }

  /** Half of the time one of those that came last: they lead where few have been. */
  #pick(): Buffer {
    const { length } = this.#corpus;
    const newest = this.#random() < 0.5 ? Math.ceil(length / 4) : length;
    return this.#corpus[length - 1 - below(this.#random, newest)] ?? Buffer.alloc(0);
  }

  async #try(input: Buffer): Promise<FuzzFailure | undefined> {
    this.#options.onInput?.(input);
    this.#runs += 1;
    const before = process.cpuUsage();
    try {
      // Views of one buffer could hide that a reader goes beyond its end.
      await this.#target.run(Buffer.from(input));
    } catch (error) {
      return { target: this.#target.name, input, error };
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > this.#slowest.ms) this.#slowest = { ms, input };
    return undefined;
  }

  async #learn(batch: readonly Buffer[]): Promise<void> {
    const { guide, onFound } = this.#options;
    const found = guide?.takeNew();
    if (guide === undefined || found === undefined || found.size === 0) return;
    const missing = new Set(found);
    for (const input of batch) {
      if (missing.size === 0) return;
      await this.#try(input);
      const parts = guide.takeAmong(missing);
      if (parts.size === 0) continue;
      for (const part of parts) missing.delete(part);
      this.#keep(input);
      onFound?.(input);
    }
  }

  #keep(input: Buffer): void {
    if (this.#corpus.length >= largestCorpus) {
      this.#corpus.splice(below(this.#random, this.#corpus.length), 1);
    }
    this.#corpus.push(input);
  }
}

/** The shortest input that was found to fail in the same way, by leaving out ever smaller parts. */
export async function shrink(target: FuzzTarget, failure: FuzzFailure): Promise<FuzzFailure> {
  const wanted = kindOf(failure.error);
  let smallest = failure;
  let tries = 0;
  for (let size = Math.ceil(failure.input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.input.length && tries < mostTries; tries++) {
      const { input } = smallest;
      const shorter = Buffer.concat([input.subarray(0, at), input.subarray(at + size)]);
      const error = await errorOf(target, shorter);
      if (error !== undefined && kindOf(error) === wanted) {
        smallest = { ...failure, input: shorter, error };
      } else {
        at += size;
      }
    }
  }
  return smallest;
}

const mostTries = 3000;

async function errorOf(target: FuzzTarget, input: Buffer): Promise<unknown> {
  try {
    await target.run(input);
    return undefined;
  } catch (error) {
    return error ?? 'nothing was thrown, by name';
  }
}

/** Two failures with the same are the same: what was thrown, and where. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? '').split('\n').filter((line) => line.trim().startsWith('at '));
  return [error.name, ...lines.slice(0, 2)].join('\n');
}
