import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from '../../../src/config/load.js';
import type { ConfigInputs } from '../../../src/config/load.js';
import { issuesOf } from './issues-of.js';
import type { Told } from './issues-of.js';

describe('settings that contradict each other', () => {
  const longer = (window: string, delay: string): string =>
    `greylist.retry-window: must be longer than greylist.delay (${window} against ${delay})`;
  const shorter = (setting: string, written: string, delay: string): string =>
    `${setting}: must not be shorter than greylist.delay (${written} against ${delay})`;
  const late = 'otherwise no retry would ever be in time';
  const forgotten = 'otherwise what passed is forgotten sooner than it passed';
  const twice = 'listen.milter: is there twice';
  const open =
    'listen.milter: can be reached from other machines, and listen.allow does not say from which';
  const openHint = "set listen.allow to the MTA's addresses, or listen on 127.0.0.1";
  const cases: readonly (readonly [text: string, ...told: Told[]])[] = [
    ['greylist:\n  delay: 5h\n  retry-window: 5h\n', ['g.yaml:3:17', longer('5h', '5h'), late]],
    [
      'greylist:\n  delay: 5h\n  probe-senders: {autowhite: 4h}\n',
      ['g.yaml:3:30', shorter('greylist.probe-senders.autowhite', '4h', '5h'), forgotten],
    ],
    [
      'greylist:\n  autowhite: 2m\n',
      ['g.yaml:2:14', shorter('greylist.autowhite', '2m', '3m'), forgotten],
    ],
    [
      'listen:\n  milter: []\n',
      [
        'g.yaml:2:11',
        'listen.milter: is empty',
        'an MTA could not reach the filter: write at least one address',
      ],
    ],
    [
      'listen:\n  milter: []\n  policy: inet:x\n',
      [
        'g.yaml:3:11',
        'listen.policy: is not a socket address',
        'write unix:/run/greymilter/milter.sock or inet:10033@127.0.0.1',
      ],
    ],
    [
      'listen:\n  milter:\n  - unix:/x\n  - /x\n  - local:///x\n',
      ['g.yaml:4:5', twice, 'it collides with unix:/x: remove one of them'],
      ['g.yaml:5:5', twice, 'it collides with unix:/x: remove one of them'],
    ],
    [
      'listen:\n  allow: 192.0.2.1\n  milter: [inet:1@127.0.0.1, inet:1@0.0.0.0, inet:2@0.0.0.0]\n',
      ['g.yaml:3:30', twice, 'it collides with inet:1@127.0.0.1: remove one of them'],
    ],
    [
      'listen:\n  milter: /x\n  admin: unix:/x\n',
      [
        'g.yaml:3:10',
        'listen.admin: is there twice',
        'it collides with unix:/x: remove one of them',
      ],
    ],
    [
      'listen:\n  milter: unix:/x\n  policy: [/x, inet:10023@0.0.0.0]\n',
      [
        'g.yaml:3:12',
        twice.replace('milter', 'policy'),
        'it collides with unix:/x: remove one of them',
      ],
      ['g.yaml:3:16', open.replace('milter', 'policy'), openHint],
    ],
    [
      'listen:\n  http: inet:8025@127.0.0.1\n',
      [
        'g.yaml:2:9',
        'listen.http: needs http.token-file',
        'set http.token-file to a file with a line such as "admin" and a long random token',
      ],
    ],
    [
      'listen:\n  http: inet:8025@0.0.0.0\nhttp:\n  token-file: /x\n',
      [
        'g.yaml:2:9',
        'listen.http: can be reached from other machines without TLS',
        'set http.tls, or listen on 127.0.0.1: tokens and addresses would be there to read',
      ],
      [
        'g.yaml:2:9',
        'listen.http: can be reached from other machines, and http.allow does not say from which',
        'set http.allow to the machines of those who look, or listen on 127.0.0.1',
      ],
    ],
    [
      'listen:\n  milter: inet:1@127.0.0.1\n  http: inet:1@127.0.0.1\nhttp: {token-file: /x}\n',
      [
        'g.yaml:3:9',
        'listen.http: is there twice',
        'it collides with inet:1@127.0.0.1: remove one of them',
      ],
    ],
    ['listen:\n  milter: inet:10033@0.0.0.0\n', ['g.yaml:2:11', open, openHint]],
    ['listen:\n  allow: []\n  milter: ["inet6:10033@[::]"]\n', ['g.yaml:3:12', open, openHint]],
  ];
  for (const [text, ...told] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(issuesOf({ text }), told));
  }

  test('are told together with settings that are wrong by themselves', () =>
    assert.deepEqual(
      issuesOf({ text: 'greylist: {delay: 5m, retry-window: 4m, stage: x}\nlog: {nope: 1}\n' }),
      [
        ['g.yaml:1:37', longer('4m', '5m'), late],
        ['g.yaml:1:48', 'greylist.stage: must be rcpt or data', undefined],
        [
          'g.yaml:2:7',
          'log.nope: unknown key',
          'known here: level, format, style, expired, to, privacy',
        ],
      ],
    ));

  test('are not told of settings that are wrong by themselves', () =>
    assert.deepEqual(issuesOf({ text: 'greylist: {delay: 5x, retry-window: 1m}\n' }).length, 1));

  for (const text of [
    'listen: {milter: [inet:0@127.0.0.1, inet:0@127.0.0.1]}',
    'listen: {milter: [inet:1@127.0.0.1, inet:1@127.0.0.2, "inet6:1@[::1]", inet:2@127.0.0.1]}',
    'listen: {milter: inet:1@0.0.0.0, allow: 192.0.2.1}',
    'listen: {milter: [], policy: inet:1@127.0.0.1}',
    'greylist: {delay: 1s, retry-window: 2s, autowhite: 2s}',
  ]) {
    test(`${text} is fine`, () => assert.deepEqual(issuesOf({ text }), []));
  }
});

describe('what is doubtful', () => {
  const warnings = (inputs: ConfigInputs): readonly string[] =>
    parseConfig(inputs).warnings.map(
      ({ line, column, path, problem }) => `${line ?? 0}:${column ?? 0} ${path} ${problem}`,
    );
  test('relative paths and an allow that allows nothing', () =>
    assert.deepEqual(
      warnings({
        text: 'store: {url: level:var/db}\nlog: {to: file:g.log}\nlisten: {allow: 192.0.2.1}\n',
      }),
      [
        '1:14 store.url has a relative path',
        '2:11 log.to has a relative path',
        '3:17 listen.allow has no effect',
      ],
    ));
  test('a style of JSON', () =>
    assert.deepEqual(warnings({ text: 'log: {format: json, style: postgrey}' }), [
      '1:28 log.style has no effect',
    ]));
  test('settings of what is not there', () => {
    const http = 'http: {token-file: /t, tls: {certificate: /c, key: /k}}\n';
    assert.deepEqual(warnings({ text: http }), [
      '1:20 http.token-file has no effect',
      '1:29 http.tls has no effect',
    ]);
    assert.deepEqual(warnings({ text: `${http}listen: {http: 'inet:8080@127.0.0.1'}\n` }), []);
    const redis = (setting: string): string => `store: {redis: {${setting}}}\n`;
    for (const setting of ['password-file: /p', 'user: u', 'tls: {authority: /a}'])
      assert.deepEqual(warnings({ text: redis(setting) }), ['1:16 store.redis has no effect']);
    const shared = { text: redis('password-file: /p'), store: 'redis://192.0.2.6' };
    assert.deepEqual(warnings(shared), []);
    const journal = (setting: string): string => `store: {journal: /run/g, ${setting}}\n`;
    for (const setting of ['durability: power', 'url: redis://192.0.2.6']) {
      assert.deepEqual(warnings({ text: journal(setting) }), ['1:18 store.journal has no effect']);
    }
    for (const text of [
      journal('durability: process'),
      'store: {durability: power}\n',
      'store: {journal: null, url: redis://192.0.2.6}\n',
    ]) {
      assert.deepEqual(warnings({ text }), []);
    }
  });
  test('lookups that may take as long as an answer, where rules or replies need them', () => {
    const slow = 'lookups: {timeout: 5s}\n';
    assert.deepEqual(warnings({ text: slow }), []);
    for (const text of ['rules: [{then: accept}]\n', 'local-domains: example.org\n'])
      assert.deepEqual(warnings({ text: slow + text }), [
        '1:20 lookups.timeout is not shorter than limits.answer (5s)',
      ]);
  });
  test('a shared store that may take as long as an answer', () => {
    const text = 'store: {url: redis://192.0.2.6, redis: {timeout: 5s}}\n';
    assert.deepEqual(warnings({ text }), [
      '1:50 store.redis.timeout is not shorter than limits.answer (5s)',
    ]);
    assert.deepEqual(warnings({ text: 'store: {redis: {timeout: 5s}}\n' }), []);
  });
  test('nothing in the defaults, nor in options', () => {
    assert.deepEqual(warnings({ text: '' }), []);
    assert.deepEqual(warnings({}), []);
    assert.deepEqual(warnings({ text: '', store: 'level:var/db' }), []);
  });
});
