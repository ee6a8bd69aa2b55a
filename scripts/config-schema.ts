/**
 * The JSON Schema of greymilter.yaml, from the schema that the filter itself reads it by.
 *
 *   tsx scripts/config-schema.ts                prints it
 *   tsx scripts/config-schema.ts --write FILE   writes it
 *   tsx scripts/config-schema.ts --check FILE   fails if it is not what stands there
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { format } from 'prettier';

import { configJsonSchema } from '../src/config/schema.js';

/** The text of config/greymilter.schema.json, laid out as the formatter does. */
export async function configSchemaText(): Promise<string> {
  return await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 100 });
}

async function main(mode: string | undefined, file: string | undefined): Promise<number> {
  const text = await configSchemaText();
  if (mode === undefined) {
    process.stdout.write(text);
    return 0;
  }
  if ((mode !== '--write' && mode !== '--check') || file === undefined) {
    process.stderr.write('Usage: config-schema.ts [--write FILE | --check FILE]\n');
    return 64;
  }
  if (mode === '--write') {
    writeFileSync(file, text);
    return 0;
  }
  if (readFileSync(file, 'utf8') === text) return 0;
  process.stderr.write(`${file} is out of date; run: `);
  process.stderr.write(`npx tsx scripts/config-schema.ts --write ${file}\n`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv[2], process.argv[3]);
}
