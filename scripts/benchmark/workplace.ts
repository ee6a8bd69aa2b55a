import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDirectory } from '../../test/support/temp-directory.js';
import { atExit } from './at-exit.js';
import { LoadProcess } from './processes.js';

/** Where a measurement has its files, and what it measures with. */
export interface Workplace {
  readonly directory: string;
  readonly load: LoadProcess;
  /** Says something to whoever waits; not part of what is found. */
  readonly tell: (line: string) => void;
}

/**
 * Does something in a folder that is gone afterwards, with a load process that is ended. What helpers make
 * among the temporary files is in the folder as well. All of it is gone even if the process exits before.
 */
export async function atWork<Found>(what: (place: Workplace) => Promise<Found>): Promise<Found> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-bench-'));
  const memory = makeMemoryDirectory();
  const remove = (): void => [directory, ...memory].forEach(removeDirectory);
  const forget = atExit(remove);
  const load = new LoadProcess();
  process.env['TMPDIR'] = directory;
  beLikeTheUnit(memory[0]);
  try {
    return await what({ directory, load, tell: (line) => process.stderr.write(`${line}\n`) });
  } finally {
    load.stop();
    remove();
    forget();
  }
}

/**
 * What is started from here gets what systemd gives a filter: a journal, and nothing that is meant for whoever
 * is logged in. To read authorities from `NODE_EXTRA_CA_CERTS` takes Node.js a fifth of a start.
 */
function beLikeTheUnit(journal: string | undefined): void {
  delete process.env['NODE_EXTRA_CA_CERTS'];
  if (journal !== undefined) process.env['GREYMILTER_JOURNAL'] = journal;
}

/** A directory in memory; none where the system has no place for it that all may write to. */
function makeMemoryDirectory(): readonly string[] {
  try {
    return [mkdtempSync('/dev/shm/greymilter-bench-')];
  } catch {
    return [];
  }
}
