#!/usr/bin/env node
import type { runCommandLine } from './command-line.js';
import { exitCodes } from './arguments/exit-codes.js';

// Whoever reads only the head of an answer has had enough.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Node.js opens many files at a time to load a program; undefined if it may not open so many. */
async function loadProgram(): Promise<typeof runCommandLine | undefined> {
  try {
    return (await import('./command-line.js')).runCommandLine;
  } catch (error) {
    const isOutOfDescriptors = error instanceof Error && 'code' in error && error.code === 'EMFILE';
    if (isOutOfDescriptors) return undefined;
    throw error;
  }
}

const run = await loadProgram();
if (run === undefined) {
  const hint = 'raise LimitNOFILE in the unit, or ulimit -n, to 256 or more';
  process.stderr.write(`greymilter: too few file descriptors to load the program: ${hint}\n`);
  process.exitCode = exitCodes.unavailable;
} else process.exitCode = await run(process.argv.slice(2));
