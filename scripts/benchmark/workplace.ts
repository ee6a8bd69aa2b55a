import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadProcess } from './processes.js';

/** Where a measurement has its files, and what it measures with. */
export interface Workplace {
  readonly directory: string;
  readonly load: LoadProcess;
  /** Says something to whoever waits; not part of what is found. */
  readonly tell: (line: string) => void;
}

/** Does something in a folder that is gone afterwards, with a load process that is ended. */
export async function atWork<Found>(what: (place: Workplace) => Promise<Found>): Promise<Found> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-bench-'));
  const load = new LoadProcess();
  try {
    return await what({ directory, load, tell: (line) => process.stderr.write(`${line}\n`) });
  } finally {
    load.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
