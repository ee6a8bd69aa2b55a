import { performance } from 'node:perf_hooks';
import type { IpAddress } from '../mail/ip-address.js';

/** On whose behalf questions are asked, and how long they may take altogether. */
export class Asker {
  readonly client: IpAddress | undefined;
  readonly #budgetMs: number;
  #startedAt: number | undefined;

  constructor(client: IpAddress | undefined, budgetMs: number) {
    this.client = client;
    this.#budgetMs = budgetMs;
  }

  /** What is left of the time; it runs from the first call on. */
  remainingMs(): number {
    const now = performance.now();
    this.#startedAt ??= now;
    return this.#startedAt + this.#budgetMs - now;
  }
}
