/**
 * The OpenAPI document of the admin interface, from what the filter itself serves.
 *
 *   tsx scripts/openapi.ts                prints it
 *   tsx scripts/openapi.ts --write FILE   writes it
 *   tsx scripts/openapi.ts --check FILE   fails if it is not what stands there
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { format } from 'prettier';

import { openApiDocument } from '../src/admin/openapi/document.js';
import { packageVersion } from '../src/daemon/process/version.js';

/** The text of docs/openapi.json, laid out as the formatter does. */
export async function openApiText(): Promise<string> {
  return await format(JSON.stringify(openApiDocument(packageVersion())), {
    parser: 'json',
    printWidth: 100,
  });
}

async function main(mode: string | undefined, file: string | undefined): Promise<number> {
  const text = await openApiText();
  if (mode === undefined) {
    process.stdout.write(text);
    return 0;
  }
  if ((mode !== '--write' && mode !== '--check') || file === undefined) {
    process.stderr.write('Usage: openapi.ts [--write FILE | --check FILE]\n');
    return 64;
  }
  if (mode === '--write') {
    writeFileSync(file, text);
    return 0;
  }
  if (readFileSync(file, 'utf8') === text) return 0;
  process.stderr.write(`${file} is out of date; run: `);
  process.stderr.write(`npx tsx scripts/openapi.ts --write ${file}\n`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv[2], process.argv[3]);
}
