import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../../src/config/config-error.js';
import { formatConfig } from '../../../src/config/effective.js';
import { annotations } from '../../../src/config/greylist-conf/annotations.js';
import { readGreylistConf } from '../../../src/config/greylist-conf/read.js';
import { RESERVED_WORDS } from '../../../src/config/greylist-conf/words.js';
import { parseConfig, type LoadedConfig } from '../../../src/config/load.js';
import { settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';
import { readYaml, writeAnnotatedYaml, type Place } from '../../../src/config/yaml-text.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { readFixtures } from '../read-fixture.js';

const shipped = new URL('../../../config/greymilter.yaml', import.meta.url);

const rules = `listen: {milter: inet:1@127.0.0.1}
lists:
  friends: {clients: [192.0.2.0/24, mail.example], senders: ['@example.net', /^a+@/i]}
rules:
  - {when: {client: 'list:friends', not: {sender: '@example.org'}}, then: accept}
  - name: far
    when: {any: [{recipient: /^a+@/i}, {helo: [x.example, '.y.example']}]}
    then: greylist
    delay: 10m
  - {when: {hours: '8-17', client: loopback}, then: reject, text: "no: {from}", code: 550}
message-rules:
  - {when: {header: {subject: /spam/i}}, then: tempfail}
greylist: {delay: 5m, retry-window: 2d, patience: {tries: 3, over: 1h}, sender: {strip: [batv, srs]}}
`;

/** Our own configurations: what is loaded is what its own text says, and what is refused says where. */
export const yamlConfigurations: FuzzTarget = {
  name: 'yaml-configurations',
  seeds: () => [Buffer.from(rules), readFileSync(shipped)],
  words: [
    ...leafSettings(settings).flatMap(({ path }) => path.map((key) => `${key}: `)),
    ...[': ', '- ', '\n  ', '[', ']', '{', '}', '&a ', '*a', '<<: *a', '!!binary ', '|\n', '>-\n'],
    ...['"', "'", '\\', '~', '.inf', '0o17', '1e400', '__proto__: ', '%YAML 1.1\n---\n', '#', '\t'],
    ...['5m', 'level:/x', 'unix:/x', 'loopback', '/(a|b)*/i', '@example.org', '\ufeff', '\u2028'],
  ],
  maxBytes: 12_000,
  run: (input) => {
    const text = input.toString('utf8');
    placesAreThere(text, readYaml(text).problems);
    const loaded = load(text, 'greymilter.yaml');
    if (loaded === undefined) return;
    const written = formatConfig(loaded.config);
    assert.equal(formatConfig(parseConfig({ text: written }).config), written);
  },
};

/** milter-greylist's: the same, and as a file of ours it means the same. */
export const greylistConfs: FuzzTarget = {
  name: 'greylist-confs',
  seeds: () => readFixtures('milter-greylist', /\.conf$/),
  words: [
    ...RESERVED_WORDS,
    ...['racl whitelist ', 'dacl greylist ', 'list "a" rcpt {', '}', '"%r"', '/x/', '/24', ' \\\n'],
    ...['5m', '192.0.2.1', '2001:db8::1', 'a@b.c', '<>', '# x\n', '\n', '\r\n', '$a', '+=', '!'],
    ...['[[:alpha:]]', '\\(a\\|b\\)*', '\\{1,2\\}', '"', '\\', 'spf pass', 'not ', 'delay 5m', '%'],
  ],
  maxBytes: 6000,
  run: (input) => {
    const text = input.toString('utf8');
    const read = readGreylistConf(text, { ignoresUnsupported: true });
    placesAreThere(text, [...read.problems, ...read.findings]);
    const loaded = load(text, 'greylist.conf');
    if (loaded === undefined) return;
    const ours = writeAnnotatedYaml(read.value, annotations('greylist.conf', read));
    const { config } = parseConfig({ text: ours, file: 'greymilter.yaml' });
    assert.equal(formatConfig(config), formatConfig(loaded.config));
  },
};

/** Undefined if it is refused, with something to say about a place of it. */
function load(text: string, file: string): LoadedConfig | undefined {
  const lines = text.split('\n').length;
  try {
    const loaded = parseConfig({ text, file, greylistConf: { ignoresUnsupported: true } });
    for (const { line = 1 } of [...loaded.warnings, ...loaded.notes]) assert.ok(line <= lines);
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    assert.equal(error.code, 'CONFIG_INVALID');
    assert.notEqual(error.issues.length, 0);
    for (const { line = 1, column = 1, problem } of error.issues) {
      assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column} is nowhere`);
      assert.notEqual(problem, '');
    }
    assert.doesNotMatch(error.message, /[^\P{Cc}\n]/u, 'nothing drives a terminal');
    return undefined;
  }
}

function placesAreThere(text: string, told: readonly { readonly place: Place }[]): void {
  const lines = text.split('\n');
  for (const { place } of told) {
    const line = lines[place.line - 1];
    assert.ok(line !== undefined && place.column >= 1, JSON.stringify(place));
    assert.ok(place.column <= line.length + 1, JSON.stringify(place));
  }
}
