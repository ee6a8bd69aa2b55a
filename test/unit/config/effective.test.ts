import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { formatConfig } from '../../../src/config/effective.js';
import { parseConfig } from '../../../src/config/load.js';
import { settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';
import { readYaml } from '../../../src/config/yaml-text.js';

const shipped = readFileSync(new URL('../../../config/greymilter.yaml', import.meta.url), 'utf8');

/** Those that stand in every configuration: to a directory one may be nobody in particular. */
const leaves = leafSettings(settings).filter(
  ({ path }) => !path.join('.').startsWith('lookups.ldap.bind.'),
);

test('the shipped file is the defaults and one rule, with every setting in it', () => {
  const { config, program, warnings } = parseConfig({ text: shipped });
  const { rules, ...rest } = config;
  const { rules: none, ...defaults } = parseConfig({ text: '' }).config;
  assert.deepEqual(rest, defaults);
  assert.equal(none.length, 0);
  assert.equal(rules.length, 1);
  assert.deepEqual(
    program.rules.map(({ name, action, decidableAt }) => ({ name, action, decidableAt })),
    [{ name: 'nobody loses a complaint', action: 'accept', decidableAt: 'rcpt' }],
  );
  assert.deepEqual(warnings, []);
  const yaml = readYaml(shipped);
  const missing = leaves.filter(({ path }) => !yaml.written(path));
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
  const missing = leaves.filter(({ path }) => !yaml.written(path));
  assert.deepEqual(
    missing.map(({ path }) => path.join('.')),
    [],
  );
});

test('the shipped file is still sound with its examples in force', () => {
  const [head = '', examples = ''] = shipped.split('\nlists: {}\n');
  const shown = examples
    .replaceAll(/^#(?= {2}\S| {3,}\S)/gm, '')
    .replace(', { file: /etc/greymilter/clients.txt }', '');
  const text = `${head}\nlists:\n${shown}`;
  const { program, warnings } = parseConfig({ text });
  assert.equal(program.rules.length, 4);
  // No rule is about partners: somebody who writes none is told.
  assert.deepEqual(
    warnings.map(({ path }) => path),
    ['lists.partners'],
  );
});

test('rules and lists are written as they load again', () => {
  const text = `lists:
  clients: { clients: [192.0.2.0/24, MX.example.net, { file: clients.txt }] }
  people: { senders: '@Example.ORG', recipients: [JOE@] }
rules:
  - name: first
    when: { client: [list:clients, '/^mx\\d/'], sender: { raw: '@x.example' } }
    unless: { recipient: list:people }
    then: greylist
    on-unknown: match
    delay: 90s
    retry-window: 3h
    autowhite: 40d
    network: { ipv6: 48 }
    stage: data
    mode: shadow
    code: 450
    enhanced: 4.2.0
    text: 'Wait {wait}'
    headers: { X-Listed: 'yes: {{no}}', X-Gone: null }
    log: warn
  - then: accept
message-rules:
  - then: quarantine
    text: Look at it
`;
  const files = new Map([['clients.txt', { text: '' }]]);
  const { config } = parseConfig({ text }, files);
  const written = formatConfig(config);
  assert.match(written, /^ {4}delay: 1m30s$/m);
  assert.match(written, /^ {6}X-Gone: null$/m);
  assert.match(written, /^ {6}- mx\.example\.net$/m);
  assert.match(written, /^ {6}- file: clients\.txt$/m);
  assert.equal(formatConfig(parseConfig({ text: written }, files).config), written);
});

test('a section that is off says so', () => {
  const { config } = parseConfig({ text: 'greylist: {patience: null}' });
  assert.match(formatConfig(config), /^ {2}patience: off$/m);
  assert.deepEqual(parseConfig({ text: formatConfig(config) }).config, config);
});
