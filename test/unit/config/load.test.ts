import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { loadConfig, loadSections, parseConfig } from '../../../src/config/load.js';
import type { ConfigInputs } from '../../../src/config/load.js';
import { encodeConfig } from '../../../src/config/schema.js';
import { formatSocketAddress } from '../../../src/config/socket-address.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { issuesOf } from './issues-of.js';

const WHICH_ADDRESS =
  'write inet:10033@127.0.0.1 for this machine alone; 0.0.0.0 or [::] with listen.allow for others';

describe('options on top of the file', () => {
  const text = 'greylist: {delay: 5m, patience: off}\nlisten: {milter: unix:/x}\n';
  const effective = (inputs: ConfigInputs): string =>
    JSON.stringify(encodeConfig(parseConfig({ text, ...inputs }).config));

  test('replace what the file says, and leave the rest', () => {
    const { greylist } = parseConfig({
      text,
      overrides: [
        'greylist.stage=data',
        'greylist={autowhite: 2d, delay: 1m}',
        'greylist.delay=2m',
      ],
    }).config;
    assert.equal(greylist.delay, 120_000);
    assert.equal(greylist.autowhite, 172_800_000);
    assert.equal(greylist.stage, 'data');
    assert.equal(greylist.patience, null);
  });
  test('lists are replaced as a whole, and sections that are off come back', () => {
    assert.match(effective({ overrides: ['trusted=[]'] }), /"trusted":\[\]/);
    assert.match(
      effective({ overrides: ['greylist.patience.tries=7'] }),
      /"patience":\{"tries":7,"over":"4h"\}/,
    );
  });
  test('--listen and --store stand for their settings, and --set for both', () => {
    const { config } = parseConfig({
      text,
      listen: ['inet:1@127.0.0.1', '/y'],
      store: 'level:/z',
      overrides: ['store.url=level:/zz'],
    });
    assert.deepEqual(config.listen.milter.map(formatSocketAddress), [
      'inet:1@127.0.0.1',
      'unix:/y',
    ]);
    assert.deepEqual(config.store.url, { kind: 'level', path: '/zz' });
    assert.match(effective({ listen: [] }), /"milter":\["unix:\/x"\]/);
  });
  test('are told by their name when they are wrong, behind what the file has', () =>
    assert.deepEqual(
      issuesOf({
        text: 'log: {nope: 1}\ngreylist: {delay: 1h}\n',
        listen: ['/y', 'inet:25'],
        store: 'x',
        overrides: [
          'greylist.autowhite=x',
          'greylist.retry-window=5m',
          'trusted=[x, loopback]',
          'greylist.dealy=1',
          'nope.deep=1',
          'limits.idle=',
          'nothing',
        ],
      }),
      [
        [
          'g.yaml:1:7',
          'log.nope: unknown key',
          'known here: level, format, style, expired, to, privacy',
        ],
        ['--listen inet:25', 'listen.milter: "inet:25" does not say which address', WHICH_ADDRESS],
        [
          '--store x',
          'store.url: is not a store',
          'write level: and the directory, as in level:/var/lib/greymilter/db',
        ],
        [
          '--set greylist.autowhite=x',
          'greylist.autowhite: is not a duration',
          'write a number and w, d, h, m or s, the largest unit first: 90s, 5m, 1h30m, 2d',
        ],
        ['--set greylist.dealy=1', 'greylist.dealy: unknown key', 'did you mean "delay"?'],
        [
          '--set trusted=[x, loopback]',
          'trusted: "x" is not a network',
          'write loopback, private, an address, or a network such as 192.0.2.0/24 or 2001:db8::/32',
        ],
        [
          '--set nope.deep=1',
          'nope: unknown key',
          'known here: listen, store, local-domains, greylist, refusal, trusted, exempt, lists, rules, message-rules, lookups, activity, statistics, log, reload, user, group, pid-file, http, limits',
        ],
        ['--set limits.idle=', 'limits.idle: has no value', 'remove the line for the default, 2h'],
        [
          '--set greylist.retry-window=5m',
          'greylist.retry-window: must be longer than greylist.delay (5m against 1h)',
          'otherwise no retry would ever be in time',
        ],
        [
          '--set nothing',
          'is not a setting and a value',
          'write --set and a setting: --set greylist.delay=60s',
        ],
      ],
    ));
});

describe('without a file', () => {
  test('the defaults suit trying it out', async () => {
    const { config } = await loadConfig();
    assert.deepEqual(config.listen.milter.map(formatSocketAddress), ['inet:10033@127.0.0.1']);
    assert.deepEqual(config.store.url, { kind: 'level', path: './var/db' });
    assert.equal(config.greylist.delay, 180_000);
  });
  test('options come on top', async () => {
    const { config } = await loadConfig({ listen: ['/x'], overrides: ['greylist.delay=1m'] });
    assert.deepEqual(config.listen.milter, [{ kind: 'unix', path: '/x' }]);
    assert.equal(config.greylist.delay, 60_000);
  });
  test('a contradiction of defaults and options is told by the option', () =>
    assert.deepEqual(
      issuesOf({ overrides: ['greylist.autowhite=1m'] }).map(([place]) => place),
      ['--set greylist.autowhite=1m'],
    ));
});

describe('a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-load-'));
  const file = join(directory, 'greymilter.yaml');
  test('is read, and named in reports', async () => {
    writeFileSync(file, 'greylist: {delay: 4m}\n');
    assert.equal((await loadConfig({ file })).config.greylist.delay, 240_000);
    writeFileSync(file, 'greylist:\n  dealy: 5m\n');
    await assert.rejects(loadConfig({ file }), {
      code: 'CONFIG_INVALID',
      message: `${file}:2:3: greylist.dealy: unknown key\n    dealy: 5m\n    ^ did you mean "delay"?`,
    });
    rmSync(directory, { recursive: true });
    await assert.rejects(loadConfig({ file }), { code: 'CONFIG_NOT_FOUND' });
  });
  test('without anything in it is valid, and so is one with empty sections', () => {
    const defaults = parseConfig({ text: '' }).config;
    for (const text of [
      '\n',
      'null\n',
      '# x\n',
      '{}',
      'greylist:\nlog: {}\nlisten: {socket: }\n',
    ]) {
      assert.deepEqual(parseConfig({ text }).config, defaults, JSON.stringify(text));
    }
  });
});

test('each file is told of before it is read, whether it is there or not', async (t) => {
  const directory = createTempDirectory(t);
  const at = (name: string): string => join(directory, name);
  const told: string[] = [];
  const load = async (): Promise<unknown> =>
    await loadConfig({
      file: at('greymilter.yaml'),
      beforeReading: (path) => {
        told.push(path.slice(directory.length + 1));
        // What is put there by now is what is read.
        if (path === at('greymilter.yaml')) writeFileSync(path, text);
        return Promise.resolve();
      },
    });
  const text = `lists: {a: {clients: [{file: one.txt}]}, b: {names: [{file: ${at('two.txt')}}]}}
lookups: {geo: ${at('geo.mmdb')}}
`;
  await assert.rejects(load(), /one\.txt: there is no such file/);
  assert.deepEqual(told.splice(0), ['greymilter.yaml', 'one.txt', 'two.txt']);
  for (const name of ['one.txt', 'two.txt']) writeFileSync(at(name), '');
  await load();
  assert.deepEqual(told, ['greymilter.yaml', 'one.txt', 'two.txt', 'geo.mmdb']);
});

test('a configuration is frozen all through', () => {
  const seen: unknown[] = [];
  function check(value: unknown): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    seen.push(value);
    assert.ok(Object.isFrozen(value));
    Object.values(value).forEach(check);
  }
  check(parseConfig({ text: 'listen: {allow: 192.0.2.1}' }).config);
  assert.ok(seen.length > 30);
});

describe('some sections alone', () => {
  const text = `listen: {milter: unix:/x}
greylist: {delay: 5}
lists: {far: {clients: [{file: /nowhere/clients.txt}]}}
rules: [{when: {client: list:farther}, then: acept}]
`;
  const load = async (text: string, ...sections: readonly string[]): Promise<string> => {
    const config = await loadSections({ text }, (section) => sections.includes(section));
    return JSON.stringify(encodeConfig(config));
  };

  test('are read whatever is wrong with the others, which have their defaults', async () => {
    const told = await load(text, 'listen');
    assert.match(told, /"milter":\["unix:\/x"\]/);
    assert.match(told, /"delay":"3m"/);
    assert.match(told, /"rules":\[\]/);
  });

  for (const [wrong, message] of [
    ['listen: {milter: nowhere}\n', /^text:1:18: listen\.milter: /],
    [`${text}  - [`, /^text:\d+:\d+: /],
    ['- listen\n', /^text:1:1: /],
  ] as const)
    test(`are refused for what is wrong with themselves: ${wrong.slice(-20)}`, async () => {
      await assert.rejects(load(wrong, 'listen'), { code: 'CONFIG_INVALID', message });
    });

  test('are refused where options are wrong', async () => {
    const inputs = { text, overrides: ['listen.nope=1'] };
    await assert.rejects(
      loadSections(inputs, () => true),
      /--set listen\.nope=1/,
    );
    const odd = { text: '', overrides: ['nonsense'] };
    await assert.rejects(
      loadSections(odd, () => false),
      /--set nonsense/,
    );
  });
});
