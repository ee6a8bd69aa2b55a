import { Session, type Profiler } from 'node:inspector';

/** Parts of functions, each by a name of its own. */
export type Covered = ReadonlySet<string>;

/**
 * Tells which blocks of the program's own code ran, and how often by orders of magnitude, by the
 * profiler of V8. Asking costs some milliseconds, so it is asked for many inputs at once.
 */
export class CoverageGuide {
  readonly #session = new Session();
  readonly #known = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How much has ever been covered. */
  get size(): number {
    return this.#known.size;
  }

  /** What has run since this was asked last and never before; from now on it is known. */
  takeNew(): Covered {
    const found = [...this.#take()].filter((part) => !this.#known.has(part));
    for (const part of found) this.#known.add(part);
    return new Set(found);
  }

  /** What of some parts has run since this was asked last. */
  takeAmong(wanted: Covered): Covered {
    return new Set([...this.#take()].filter((part) => wanted.has(part)));
  }

  close(): void {
    this.#session.disconnect();
  }

  #take(): Covered {
    const covered = new Set<string>();
    for (const { url, scriptId, functions } of this.#scripts()) {
      if (!url.includes('/src/') || url.includes('/node_modules/')) continue;
      for (const { ranges } of functions)
        for (const range of ranges) note(covered, scriptId, range);
    }
    return covered;
  }

  #scripts(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = [];
    // It answers at once.
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error !== null) throw error;
      result = taken.result;
    });
    return result;
  }
}

/**
 * V8 names a block only where its count differs from that of the block around it, and one that did
 * not run with a count of 0: both say something of the way that was taken.
 */
function note(covered: Set<string>, scriptId: string, range: Profiler.CoverageRange): void {
  const magnitude = range.count === 0 ? 'none' : Math.floor(Math.log2(range.count) / 2);
  covered.add(`${scriptId}:${range.startOffset}-${range.endOffset}:${magnitude}`);
}
