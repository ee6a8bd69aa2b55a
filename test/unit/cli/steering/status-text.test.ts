import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { inColour, plain } from '../../../../src/cli/terminal/paint.js';
import { formatStatus, formatStoreStatus } from '../../../../src/cli/steering/status-text.js';
import { alignedLines } from '../../../../src/cli/terminal/table.js';

const now = Date.UTC(2030, 0, 2);
const records = {
  countedAt: '2030-01-01T23:58:30.000Z',
  records: 7,
  statistics: 8,
  triplets: { pending: 2, passed: 3, ended: 1 },
  clients: { pending: 4, autowhite: 1, ended: 0 },
  replies: 5,
  exceptions: 6,
};
const status = {
  version: '1.2.3',
  pid: 4711,
  startedAt: '2030-01-01T00:00:00.500Z',
  uptimeSeconds: 86_399,
  configuredAt: '2030-01-01T00:00:00.000Z',
  mode: 'enforce',
  listeners: [
    { protocol: 'milter', address: 'inet:10033@127.0.0.1' },
    { protocol: 'admin', address: 'unix:/run/greymilter/admin.sock' },
  ],
  connections: 3,
  store: {
    path: '/db',
    bytes: 5_242_880,
    pendingWrites: 1,
    commits: 9,
    failedCommits: 0,
    health: 'ok',
    records,
  },
  decisions: {
    total: 4,
    perHour: 0.2,
    counts: [
      { verdict: 'accept', reason: 'greylist-known', count: 3, perHour: 0.1 },
      { verdict: 'tempfail', reason: 'greylist-new', count: 1, perHour: 0.1 },
    ],
  },
  delays: { count: 12, medianSeconds: 310, p95Seconds: 4000, longestSeconds: 90_061 },
};

const lineWith = (text: string, word: string): string =>
  text.split('\n').find((line) => line.startsWith(word)) ?? '';

describe('the status of a daemon', () => {
  test('is a page', () => {
    assert.equal(
      formatStatus(status, now, plain),
      `greymilter 1.2.3 runs as process 4711 for 23h59m, since 2030-01-01T00:00:00Z

mode         enforce
configured   2030-01-01T00:00:00Z
listening    milter  inet:10033@127.0.0.1
             admin   unix:/run/greymilter/admin.sock
connections  3 of MTAs
store        /db, 5.0 MiB, sound
             9 commits, 0 failed, 1 write pending
records      2 triplets pending, 3 passed; clients: 1 autowhite and 6 by hand; 5 replies expected, counted 1m30s ago

verdict   reason          decisions  an hour   share
accept    greylist-known          3      0.1  75.0 %
tempfail  greylist-new            1      0.1  25.0 %
all                               4      0.2

delays       of 12 that waited and came back: half within 5m10s, 95 % within 1h6m, the longest 1d1h1m
`,
    );
  });

  test('shows what is not as usual', () => {
    const lastReload = {
      at: '2030-01-01T05:00:00.000Z',
      ok: false,
      code: 'CONFIG_INVALID',
      problem: 'f.yaml:1:2: greylist.delay: \u001b[1m\nwrite 5m',
    };
    const odd = {
      ...status,
      mode: 'shadow',
      lastReload,
      store: { ...status.store, bytes: 512, health: 'cannot-be-written', records: undefined },
      decisions: { total: 0, perHour: 0, counts: [] },
      delays: undefined,
    };
    const text = formatStatus(odd, now, plain);
    assert.match(lineWith(text, 'mode'), /SHADOW: nobody is put off/);
    assert.match(
      lineWith(text, 'last reload'),
      /05:00:00Z, failed \(CONFIG_INVALID\): f\.yaml:1:2: greylist\.delay: \\u001b\[1m …$/,
    );
    assert.equal(lineWith(text, 'store'), 'store        /db, 512 bytes, CANNOT BE WRITTEN');
    assert.equal(lineWith(text, 'records'), 'records      being counted, ask again');
    assert.equal(lineWith(text, 'decisions'), 'decisions    none since the start');
    assert.equal(lineWith(text, 'delays'), '');
    const away = { path: 'redis://[::1]:6379', health: 'cannot-be-read', commits: 1 };
    const alone = formatStatus({ ...odd, store: away }, now, plain);
    assert.equal(lineWith(alone, 'store'), 'store        redis://[::1]:6379, CANNOT BE READ');
    assert.equal(lineWith(alone, 'records'), 'records      not known');
    const better = { ...odd, mode: 'learn', lastReload: { at: lastReload.at, ok: true } };
    assert.match(formatStatus(better, now, plain), /LEARN[^]*05:00:00Z, taken over\n/);
  });

  test('has what is doubtful about the configuration, five lines of it at the most', () => {
    const warnings = ['one \u001b[1m', 'two', 'three', 'four', 'five', 'six', 'seven'];
    const text = formatStatus({ ...status, warnings }, now, plain);
    assert.match(text, /^warnings {5}one \\u001b\[1m\n {13}two\n[^]*five\n {13}and 2 more, /m);
    assert.doesNotMatch(text, /six/);
  });

  test('counts one thing as one', () => {
    const one = { ...records, triplets: { pending: 1, passed: 0, ended: 0 }, replies: 1 };
    const text = formatStatus({ ...status, store: { ...status.store, records: one } }, now, plain);
    assert.match(lineWith(text, 'records'), / 1 triplet pending, 0 passed; .*; 1 reply expected/);
  });

  test('has colours if it is asked', () => {
    const text = formatStatus({ ...status, mode: 'learn' }, now, inColour);
    assert.ok(text.includes('\u001b[32mruns\u001b[0m'));
    assert.ok(text.includes('\u001b[33mLEARN'));
  });

  test('of a version that says less leaves that out', () => {
    assert.match(formatStatus({ version: '0.0.1' }, now, plain), /^greymilter 0\.0\.1 runs /);
  });
});

test('without a daemon there is its store', () => {
  assert.equal(
    formatStoreStatus({ path: '/db', records }, 'nobody answers', plain),
    'greymilter does not run: nobody answers\n\nstore        /db\n' +
      'records      2 triplets pending, 3 passed; clients: 1 autowhite and 6 by hand; 5 replies expected\n',
  );
  const absent = { path: '/db', problem: 'is not there yet' };
  assert.match(
    formatStoreStatus(absent, 'nobody answers', plain),
    /\n\nstore {8}\/db: is not there yet\n$/,
  );
});

test('a table has its cells under each other, and no blanks at the ends of lines', () => {
  assert.deepEqual(alignedLines([]), []);
  const rows = [
    ['a', 'bb', '1'],
    ['aaa', '', '22'],
    ['a', 'b'],
  ];
  assert.deepEqual(alignedLines(rows, [2]), ['a    bb   1', 'aaa      22', 'a    b']);
});
