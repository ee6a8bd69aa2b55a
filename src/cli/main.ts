#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

// Whoever reads only the head of an answer has had enough.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommandLine(process.argv.slice(2));
