import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Ajv } from 'ajv';
import { parse } from 'yaml';

import { configSchemaText } from '../../../scripts/config-schema.js';
import { parseConfig } from '../../../src/config/load.js';
import { configJsonSchema, encodeConfig, settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';
import { projectRoot, readHandbook } from '../../guards/readme-text.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const shippedSchema = join(projectRoot, 'config/greymilter.schema.json');
const shippedConfig = readFileSync(join(projectRoot, 'config/greymilter.yaml'), 'utf8');
const validator = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  configJsonSchema(),
);

/** What an editor would underline; nothing if the file is fine. */
function objectionsTo(yaml: string): readonly string[] {
  validator(parse(yaml));
  return (validator.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath} ${message}`,
  );
}

describe('the JSON Schema of the configuration', () => {
  test('is shipped as it is', async () => {
    const hint = 'run: npx tsx scripts/config-schema.ts --write config/greymilter.schema.json';
    assert.equal(readFileSync(shippedSchema, 'utf8'), await configSchemaText(), hint);
  });

  test('describes every setting, with its default', () => {
    for (const { path, meaning, fallback } of leafSettings(settings)) {
      const found = path.reduce(propertyOf, configJsonSchema());
      assert.ok(String(found['description']).startsWith(meaning), path.join('.'));
      assert.deepEqual(found['default'], fallback, path.join('.'));
    }
  });

  test('is what the shipped file asks editors for', () => {
    const [first = ''] = shippedConfig.split('\n');
    assert.equal(first, '# yaml-language-server: $schema=./greymilter.schema.json');
  });

  test('takes the shipped file', () => assert.deepEqual(objectionsTo(shippedConfig), []));

  test('takes what is in force, written out', () => {
    const written = JSON.stringify(encodeConfig(parseConfig({ text: '' }).config));
    assert.deepEqual(objectionsTo(written), []);
  });

  for (const { line, info, lines } of readHandbook().snippets)
    if (info === 'yaml config')
      test(`takes line ${line} of README.md`, () =>
        assert.deepEqual(objectionsTo(lines.join('\n')), []));

  for (const yaml of [
    '# nothing at all',
    'greylist:\n  # delay: 5m',
    'greylist: {patience: off, reply: {milter: {code: 450}}}',
    'limits: {packet: 65536}',
    'listen: {socket: {owner: 0, group: "0"}, milter: /run/g.sock}',
    'log: {to: syslog:mail:grey}\npid-file: null',
    'local-domains: example.org\ngreylist: {replies: off}',
  ])
    test(`takes ${JSON.stringify(yaml)}, as the loader does`, () => {
      assert.doesNotThrow(() => parseConfig({ text: yaml }));
      assert.deepEqual(objectionsTo(yaml), []);
    });

  for (const yaml of [
    '[]',
    'gerylist: {}',
    'greylist: {dealy: 5m}',
    'greylist: {delay: 5}',
    'greylist: {delay: 5 min}',
    'greylist: {network: {ipv4: 33}}',
    'greylist: {reply: {milter: {code: 550}}}',
    'greylist: {reply: {milter: {enhanced: 5.7.1}}}',
    'greylist: {patience: {tries: 0}}',
    'greylist: {probe-senders: {match: [joe]}}',
    'greylist: {replies: true}',
    'greylist: {replies: soon}',
    'greylist: {providers: off}',
    'listen: {milter: inet:10033}',
    'listen: {socket: {mode: 0660}}',
    'store: {url: redis:localhost}',
    'store: {url: redis://joe:secret@localhost}',
    'trusted: [everybody]',
    'log: {to: syslog:kern}',
    'log: {level: loud}',
    'limits: {packet: 64KB}',
    'pid-file: run/greymilter.pid',
  ])
    test(`refuses ${yaml}, as the loader does`, () => {
      assert.throws(() => parseConfig({ text: yaml }), { code: 'CONFIG_INVALID' });
      assert.notDeepEqual(objectionsTo(yaml), []);
    });
});

/** A property in a schema, also of one of several that may stand there. */
function propertyOf(schema: Readonly<Record<string, unknown>>, key: string) {
  const options = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema];
  for (const option of options.filter(isMapping)) {
    const properties = option['properties'];
    const property = isMapping(properties) ? properties[key] : undefined;
    if (isMapping(property)) return property;
  }
  throw new Error(`there is no ${key}`);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

test('the command writes the schema into a file, and checks whether it is there', (t) => {
  const file = join(createTempDirectory(t), 'schema.json');
  const script = fileURLToPath(new URL('../../../scripts/config-schema.ts', import.meta.url));
  const run = (...args: readonly string[]): number | null =>
    spawnSync(process.execPath, ['--import', 'tsx', script, ...args]).status;
  writeFileSync(file, '{}');
  assert.equal(run('--check', file), 1);
  assert.equal(run('--write', file), 0);
  assert.equal(readFileSync(file, 'utf8'), readFileSync(shippedSchema, 'utf8'));
  assert.equal(run('--check', file), 0);
  assert.equal(run('--nonsense'), 64);
});
