/**
 * The JSON Schema of greymilter.yaml, from the schema that the filter itself reads it by.
 *
 *   tsx scripts/config-schema.ts                prints it
 *   tsx scripts/config-schema.ts --write FILE   writes it
 *   tsx scripts/config-schema.ts --check FILE   fails if it is not what stands there
 */
import { pathToFileURL } from 'node:url';

import { configJsonSchema } from '../src/config/schema.js';
import { formattedJson, serveGeneratedJson } from './generated-json.js';

/** The text of config/greymilter.schema.json, laid out as the formatter does. */
export async function configSchemaText(): Promise<string> {
  return await formattedJson(configJsonSchema());
}

const generated = { script: 'config-schema.ts', text: configSchemaText };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await serveGeneratedJson(generated, process.argv.slice(2));
}
