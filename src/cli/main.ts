#!/usr/bin/env node
import type { runCommandLine } from './command-line.js';
import { exitCodes } from './arguments/exit-codes.js';
import { descriptorProblem } from './arguments/file-descriptors.js';
import { fileProblem } from '../mail/file-problem.js';

// Whoever reads only the head of an answer has had enough. Where it is cut off against his will, he has to hear of it.
process.stdout.on('error', (error: Error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit();
  process.stderr.write(
    `greymilter: cannot write to standard output: ${fileProblem(error, 'write')}\n`,
  );
  process.exit(exitCodes.output);
});

// A filter goes on where nobody listens any more to what is told of it.
process.stderr.on('error', () => undefined);

/** Undefined, and told, if Node.js may not open as many files as it does to load a program. */
async function loadProgram(): Promise<typeof runCommandLine | undefined> {
  try {
    return (await import('./command-line.js')).runCommandLine;
  } catch (error) {
    const problem = descriptorProblem(error);
    if (problem === undefined) throw error;
    process.stderr.write(`${problem}\n`);
    return undefined;
  }
}

const run = await loadProgram();
process.exitCode = run === undefined ? exitCodes.unavailable : await run(process.argv.slice(2));
