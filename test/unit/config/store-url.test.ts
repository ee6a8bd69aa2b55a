import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatStoreUrl, parseStoreUrl, storePlace } from '../../../src/config/store-url.js';

describe('a store on this machine', () => {
  const hint = 'write level: and the directory, as in level:/var/lib/greymilter/db';
  test('a directory, absolute or not', () => {
    for (const path of ['/var/lib/greymilter/db', './var/db', '/a b:c']) {
      assert.deepEqual(parseStoreUrl(`level:${path}`), { ok: { kind: 'level', path } });
      assert.equal(formatStoreUrl({ kind: 'level', path }), `level:${path}`);
      assert.equal(storePlace({ kind: 'level', path }), path);
    }
  });
  for (const text of ['', 'level:', '/var/db', 'Level:/x', 'level:/a\nb']) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(parseStoreUrl(text), { problem: 'is not a store', hint }));
  }
  test('slashes as in a URL are refused, as a host would stand between them', () =>
    assert.deepEqual(parseStoreUrl('level:///var/db'), {
      problem: 'has more than one slash before its path',
      hint: 'write level:/var/db',
    }));
});

describe('a store on servers', () => {
  const redis = { kind: 'redis', isTls: false, name: '', database: 0 } as const;
  const first = { host: '192.0.2.6', port: 6379 };
  const cases = [
    ['redis://192.0.2.6', { ...redis, layout: 'server', hosts: [first] }],
    [
      'rediss://redis.example.org:7000/3',
      {
        ...redis,
        layout: 'server',
        isTls: true,
        hosts: [{ host: 'redis.example.org', port: 7000 }],
        database: 3,
      },
    ],
    [
      'redis://[2001:db8::6]',
      { ...redis, layout: 'server', hosts: [{ host: '2001:db8::6', port: 6379 }] },
    ],
    [
      'redis+sentinel://192.0.2.6,192.0.2.7:1/mymaster/2',
      {
        ...redis,
        layout: 'sentinel',
        hosts: [
          { host: '192.0.2.6', port: 26379 },
          { host: '192.0.2.7', port: 1 },
        ],
        name: 'mymaster',
        database: 2,
      },
    ],
    [
      'rediss+cluster://192.0.2.6,192.0.2.7',
      {
        ...redis,
        layout: 'cluster',
        isTls: true,
        hosts: [first, { host: '192.0.2.7', port: 6379 }],
      },
    ],
  ] as const;
  for (const [text, url] of cases) {
    test(text, () => {
      assert.deepEqual(parseStoreUrl(text), { ok: url });
      assert.equal(formatStoreUrl(url), text);
      assert.equal(storePlace(url), text);
    });
  }

  const refused = [
    ['redis:/x', 'is not a store'],
    ['valkey://192.0.2.6', 'is not a store'],
    ['redis://', 'has no host that can be'],
    ['redis://a b', 'has no host that can be'],
    ['redis://192.0.2.6:0', 'has no host that can be'],
    ['redis://192.0.2.6:99999', 'has no host that can be'],
    ['redis://192.0.2.6,192.0.2.7', 'has no host that can be'],
    ['redis://joe:secret@192.0.2.6', 'has a user or a password in it'],
    ['redis://192.0.2.6/x', 'has no number of a database'],
    ['redis://192.0.2.6/70000', 'has no number of a database'],
    ['redis://192.0.2.6/0/1', 'has no number of a database'],
    ['redis+sentinel://192.0.2.6', 'does not say what the Sentinels call the primary'],
    ['redis+sentinel://192.0.2.6/', 'does not say what the Sentinels call the primary'],
    ['redis+cluster://192.0.2.6/1', 'has a database, and a Cluster has none'],
  ] as const;
  for (const [text, problem] of refused) {
    test(`${text} ${problem}`, () => {
      const parsed = parseStoreUrl(text);
      assert.ok('problem' in parsed && 'hint' in parsed);
      assert.equal(parsed.problem, problem);
    });
  }
});
