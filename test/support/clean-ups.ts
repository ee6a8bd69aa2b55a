/**
 * Collects what is to be undone when a whole suite has ended: what is started in its `before` cannot
 * register an `after` of the suite any more.
 */
export class CleanUps {
  readonly #steps: (() => void | Promise<void>)[] = [];

  after(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  /** Does it, the last first. */
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}
