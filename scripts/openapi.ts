/**
 * The OpenAPI document of the admin interface, from what the filter itself serves.
 *
 *   tsx scripts/openapi.ts                prints it
 *   tsx scripts/openapi.ts --write FILE   writes it
 *   tsx scripts/openapi.ts --check FILE   fails if it is not what stands there
 */
import { pathToFileURL } from 'node:url';

import { openApiDocument } from '../src/admin/openapi/document.js';
import { packageVersion } from '../src/daemon/process/version.js';
import { formattedJson, serveGeneratedJson } from './generated-json.js';

/** The text of docs/openapi.json, laid out as the formatter does. */
export async function openApiText(): Promise<string> {
  return await formattedJson(openApiDocument(packageVersion()));
}

const generated = { script: 'openapi.ts', text: openApiText };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await serveGeneratedJson(generated, process.argv.slice(2));
}
