#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

// Who reads only the beginning, as head does, has what it wants.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
