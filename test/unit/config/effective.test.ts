import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { formatConfig } from '../../../src/config/effective.js';
import { parseConfig } from '../../../src/config/load.js';
import { settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';
import { readYaml } from '../../../src/config/yaml-text.js';

const shipped = readFileSync(new URL('../../../config/greymilter.yaml', import.meta.url), 'utf8');

test('the shipped file is the defaults, with every setting in it', () => {
  const { config, warnings } = parseConfig({ text: shipped });
  assert.deepEqual(config, parseConfig({ text: '' }).config);
  assert.deepEqual(warnings, []);
  const yaml = readYaml(shipped);
  const missing = leafSettings(settings).filter(({ path }) => !yaml.written(path));
  assert.deepEqual(
    missing.map(({ path }) => path.join('.')),
    [],
  );
});

test('the effective configuration has every setting, and loads to the same again', () => {
  const { config } = parseConfig({
    text: 'greylist: {delay: 90s, reply: {text: "{wait} @ 100 %"}}\ntrusted: []\n',
    overrides: ['listen.milter=/x', 'greylist.network.ipv4=32'],
  });
  const text = formatConfig(config);
  assert.match(text, /^ {2}delay: 1m30s$/m);
  assert.match(text, /^ {2}milter:\n {4}- unix:\/x$/m);
  assert.deepEqual(parseConfig({ text }).config, config);
  const yaml = readYaml(text);
  const missing = leafSettings(settings).filter(({ path }) => !yaml.written(path));
  assert.deepEqual(
    missing.map(({ path }) => path.join('.')),
    [],
  );
});

test('a section that is off says so', () => {
  const { config } = parseConfig({ text: 'greylist: {patience: null}' });
  assert.match(formatConfig(config), /^ {2}patience: off$/m);
  assert.deepEqual(parseConfig({ text: formatConfig(config) }).config, config);
});
