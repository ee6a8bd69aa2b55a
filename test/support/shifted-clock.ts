import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

const source = fileURLToPath(new URL('shifted-clock.c', import.meta.url));

/** The wall clock of a real server, which a test moves while the server runs. */
export interface ShiftedClock {
  /** Variables for the server's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Moves the time of the server on by this many milliseconds, whole seconds. */
  advance(byMs: number): void;
}

/** Compiles what is preloaded into the server; see scripts/install-c-compiler. */
export function createShiftedClock(cleanUp: CleanUp): ShiftedClock {
  const directory = createTempDirectory(cleanUp);
  const library = join(directory, 'shifted-clock.so');
  const file = join(directory, 'shift');
  let shift = 0n;
  const write = (): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(shift);
    // In place: the server has mapped this very file.
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, bytes, 0, bytes.length, 0);
    closeSync(descriptor);
  };
  writeFileSync(file, Buffer.alloc(8));
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source], { stdio: 'pipe' });
  return {
    environment: { LD_PRELOAD: library, CLOCK_SHIFT: file },
    advance: (byMs) => {
      shift += BigInt(byMs) / 1000n;
      write();
    },
  };
}
