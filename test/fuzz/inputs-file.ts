import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * Inputs in a file, one a line, as JSON strings whose characters are bytes: what is text can be read
 * there, and nothing is lost of what is not.
 */
export function readInputs(file: string): readonly Buffer[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(parseInput);
}

/** Writes an input behind the others. */
export function appendInput(file: string, input: Buffer): void {
  appendFileSync(file, `${formatInput(input)}\n`);
}

/** One input as it stands in a file. */
export function formatInput(input: Buffer): string {
  const text = JSON.stringify(input.toString('latin1'));
  // So that an editor shows what is there.
  return text.replace(/[\x7f-\xff]/g, (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`);
}

function parseInput(line: string): Buffer {
  const text: unknown = JSON.parse(line);
  if (typeof text !== 'string') throw new Error(`no input: ${line}`);
  return Buffer.from(text, 'latin1');
}
