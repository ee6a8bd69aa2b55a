import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

/** A JSON file that a script makes of what the filter itself knows. */
export interface GeneratedJson {
  /** The script's file name. */
  readonly script: string;
  readonly text: () => Promise<string>;
}

/** A value as JSON, laid out as the formatter does. */
export async function formattedJson(value: unknown): Promise<string> {
  return await format(JSON.stringify(value), { parser: 'json', printWidth: 100 });
}

/**
 * Prints the file; with `--write FILE` writes it, with `--check FILE` compares it with what stands there.
 *
 * @returns an exit code: 1 if what stands there is something else, 64 for other arguments
 */
export async function serveGeneratedJson(
  { script, text: makeText }: GeneratedJson,
  [mode, file]: readonly string[],
): Promise<number> {
  const text = await makeText();
  if (mode === undefined) {
    process.stdout.write(text);
    return 0;
  }
  if ((mode !== '--write' && mode !== '--check') || file === undefined) {
    process.stderr.write(`Usage: ${script} [--write FILE | --check FILE]\n`);
    return 64;
  }
  if (mode === '--write') {
    writeFileSync(file, text);
    return 0;
  }
  if (readFileSync(file, 'utf8') === text) return 0;
  process.stderr.write(`${file} is out of date; run: `);
  process.stderr.write(`npx tsx scripts/${script} --write ${file}\n`);
  return 1;
}
