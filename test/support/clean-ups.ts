/**
 * Collects what is to be undone when a whole suite has ended: what is started in its `before` cannot
 * register an `after` of the suite any more.
 */
export class CleanUps {
  readonly #steps: (() => void | Promise<void>)[] = [];

  after(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  /** Does it, the last first, and all of it; rejects then if something of it did. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** A test's clean-up that undoes the last first: a daemon before the server that it is on. */
export function lastFirst(t: { after(run: () => Promise<void>): void }): CleanUps {
  const cleanUps = new CleanUps();
  t.after(() => cleanUps.run());
  return cleanUps;
}
