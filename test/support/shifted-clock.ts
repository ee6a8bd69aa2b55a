import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

const source = fileURLToPath(new URL('shifted-clock.c', import.meta.url));

/** Long enough since the machine was started. */
const UP_SECONDS = 86_400;

/** The clocks of a real process, which a test moves while it runs, by whole seconds. */
export interface ShiftedClock {
  /** Variables for the process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for one that asks for how long the machine has been up; in a test that is a day at first. */
  readonly withUptime: Readonly<Record<string, string>>;
  /** Sets the wall clock ahead, or back. */
  advance(byMs: number): void;
  /** Lets time pass on all clocks. */
  pass(ms: number): void;
  /** The same while the machine sleeps. */
  sleep(ms: number): void;
}

/** Compiles what is preloaded into the process; see scripts/install-c-compiler. */
export function createShiftedClock(cleanUp: CleanUp): ShiftedClock {
  const directory = createTempDirectory(cleanUp);
  const library = join(directory, 'shifted-clock.so');
  const file = join(directory, 'shift');
  const uptime = join(directory, 'uptime');
  const seconds = { wall: 0, monotonic: 0, up: UP_SECONDS };
  const move = (what: Partial<typeof seconds>): void => {
    for (const name of ['wall', 'monotonic', 'up'] as const) {
      seconds[name] += Math.trunc((what[name] ?? 0) / 1000);
    }
    writeFileSync(uptime, `${seconds.up}.00 0.00\n`);
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(BigInt(seconds.wall));
    bytes.writeBigInt64LE(BigInt(seconds.monotonic), 8);
    // In place: the process has mapped this very file.
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, bytes, 0, bytes.length, 0);
    closeSync(descriptor);
  };
  writeFileSync(file, Buffer.alloc(16));
  move({});
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source], { stdio: 'pipe' });
  const environment = { LD_PRELOAD: library, CLOCK_SHIFT: file };
  return {
    environment,
    withUptime: { ...environment, CLOCK_UPTIME: uptime },
    advance: (byMs) => move({ wall: byMs }),
    pass: (ms) => move({ wall: ms, monotonic: ms, up: ms }),
    sleep: (ms) => move({ wall: ms, up: ms }),
  };
}
