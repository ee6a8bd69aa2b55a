import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { readSqlgrey, sqlgreyRefusals } from '../../../src/migrate/read-sqlgrey.js';
import { projectRoot } from '../../guards/readme-text.js';
import { chunksOf, collect, foreignTerms, tell } from '../../support/import-rig.js';

/** A minute after the last row of the samples. */
const NOW = 1_795_853_170_000;

const read = (text: string, chunk?: number) =>
  collect(readSqlgrey(chunksOf(text, chunk), foreignTerms(NOW)));
const fixture = (name: string): string =>
  readFileSync(join(projectRoot, 'test/fixtures/sqlgrey', name), 'utf8');

const PENDING = [
  '2001:db8:1:2::5/128 v6@example.com -> b@example.net waits',
  '203.0.113.77/32 q@example.org -> b@example.net waits',
  '198.51.100.9/32 srs0=hhh=tt=dom.tld=user@fwd.example -> b@example.net waits',
  '198.51.100.20/32 late@example.info -> b@example.net waits',
];

describe('what SQLgrey has stored', () => {
  test('as CSV: connect', async () => {
    for (const chunk of [undefined, 5]) {
      const batch = await read(fixture('connect.csv'), chunk);
      assert.deepEqual(tell(batch), PENDING);
      assert.deepEqual([batch.expired, batch.refused], [0, []]);
    }
  });

  test('as CSV: who is auto-whitelisted has no recipient', async () => {
    const senders = await read(fixture('from_awl.csv'));
    assert.deepEqual(
      senders.refused.map(({ line, reason }) => [line, reason]),
      [
        [2, sqlgreyRefusals.fromAwl],
        [3, sqlgreyRefusals.fromAwl],
      ],
    );
    const domains = await read(fixture('domain_awl.csv'));
    assert.deepEqual(domains.refused, [
      {
        line: 2,
        reason: sqlgreyRefusals.domainAwl,
        detail: 'example.com 198.51.100 1795853102 1795853106',
      },
    ]);
  });

  test('as a dump of SQL, in pieces of any size', async () => {
    for (const chunk of [undefined, 100, 1]) {
      const batch = await read(fixture('sqlgrey.dump.sql'), chunk);
      assert.deepEqual(tell(batch), PENDING);
      assert.deepEqual(
        batch.refused.map(({ line }) => line),
        [4, 5, 7],
      );
    }
  });

  test('is forgotten after the retry window', async () => {
    const late = foreignTerms(NOW + 2 * 86_400_000);
    const batch = await collect(readSqlgrey(chunksOf(fixture('connect.csv')), late));
    assert.deepEqual([batch.records, batch.expired], [[], 4]);
  });
});

describe('a row of connect', () => {
  const row = async (src: string, first = '1795853102', name = 's', rcpt = 'r@b.example') => {
    const head = 'sender_name,sender_domain,src,rcpt,first_seen';
    const batch = await read(`${head}\n${name},a.example,${src},${rcpt},${first}\n`);
    return tell(batch)[0] ?? batch.refused[0]?.reason;
  };

  for (const [src, client] of [
    ['198.51.100', '198.51.100.0/24'],
    ['198.51.100.7', '198.51.100.7/32'],
    ['2001:db8:1:2', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8::5/128'],
  ] as const)
    test(`from ${src}`, async () =>
      assert.equal(await row(src), `${client} s@a.example -> r@b.example waits`));

  for (const bad of ['', '198.51', '300.1.1', 'mx.example', '2001:db8:1:zz'])
    test(`from "${bad}" is refused`, async () => assert.equal(await row(bad), 'no row of SQLgrey'));

  test('with -undef- is of the null sender', async () =>
    assert.equal(
      await row('198.51.100', undefined, '-undef-'),
      '198.51.100.0/24 <> -> r@b.example waits',
    ));

  test('without a recipient is refused', async () =>
    assert.equal(await row('198.51.100', undefined, 's', ''), 'no row of SQLgrey'));

  for (const time of [
    '2026-11-28T08:05:02Z',
    '2026-11-28 08:05:02.123456Z',
    '2026-11-28 09:05:02+01',
    '2026-11-28 09:05:02+01:00',
  ])
    test(`first seen at ${time}`, async () =>
      assert.match((await row('198.51.100', time)) ?? '', / waits$/));

  test('a time without a zone is one of this machine', async () => {
    const at = new Date(1_795_853_102_000);
    const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
    assert.match((await row('198.51.100', local.slice(0, 19))) ?? '', / waits$/);
  });

  for (const bad of ['', 'yesterday', '2026-13-99 00:00:00', '-5', '1e9'])
    test(`first seen at "${bad}" is refused`, async () =>
      assert.equal(await row('198.51.100', bad), 'no row of SQLgrey'));
});

describe('other forms', () => {
  test('of CSV: tabs, semicolons, |, quotes, and a byte order mark', async () => {
    const names = ['sender_name', 'sender_domain', 'src', 'rcpt', 'first_seen'];
    const values = ['s', 'a.example', '198.51.100', '"r""x""@b.example"', '1795853102'];
    for (const delimiter of ['\t', ';', '|', ',']) {
      const batch = await read(`\ufeff${names.join(delimiter)}\r\n${values.join(delimiter)}\r\n`);
      assert.equal(batch.records.length, 1, delimiter);
    }
  });

  test('of SQL: names of columns, several rows at a time, quotes', async () => {
    const text =
      '-- MySQL dump\nINSERT INTO `connect` (`rcpt`, `src`, `sender_name`, `sender_domain`, `first_seen`) VALUES ' +
      "('r@b.example','198.51.100','o''neil','a.example',1795853102),('x@b.example','198.51.101','s','a.example','1795853102');\n" +
      "INSERT INTO config VALUES('version','3');\nINSERT INTO connect VALUES('half',\n";
    const batch = await read(text);
    assert.deepEqual(tell(batch), [
      "198.51.100.0/24 o'neil@a.example -> r@b.example waits",
      '198.51.101.0/24 s@a.example -> x@b.example waits',
    ]);
    assert.deepEqual(batch.refused, []);
  });

  test('of SQL: each row in a line of its own, as mariadb-dump writes them', async () => {
    const row = (sender: string): string =>
      `('${sender}','a.example','198.51.100','r@b.example','2026-11-28 05:25:02')`;
    const statements = [
      `/*!40000 ALTER TABLE \`config\` DISABLE KEYS */;`,
      "INSERT INTO `config` VALUES\n('version','3');",
      `INSERT INTO \`connect\` VALUES\n${row('o')},\n${row('p')},\n${row('q')};`,
      `${row('behind')};`,
      `INSERT INTO \`connect\` VALUES\n${row('r')}`,
      `CREATE TABLE x (a, b);\n${row('behind')}\n`,
    ];
    for (const chunk of [undefined, 50]) {
      const batch = await read(`-- MariaDB dump\n${statements.join('\n')}`, chunk);
      const senders = ['o', 'p', 'q', 'r'];
      assert.deepEqual(
        tell(batch),
        senders.map((sender) => `198.51.100.0/24 ${sender}@a.example -> r@b.example waits`),
      );
      assert.deepEqual(batch.refused, []);
    }
  });

  test('of SQL: data alone, with names of columns, and a table first that has no mail', async () => {
    const row = "('q','example.org','203.0.113.77','b@example.net','2026-11-28 05:25:02+00')";
    const names = '(sender_name, sender_domain, src, rcpt, first_seen)';
    const config = "INSERT INTO public.config (parameter, value) VALUES ('version', '3');\n";
    const connect = `INSERT INTO public.connect ${names} VALUES ${row};\n`;
    for (const chunk of [undefined, 100]) {
      const batch = await read(`--\nSET x = 0;\n${config}${connect}${config}`, chunk);
      assert.deepEqual(tell(batch), ['203.0.113.77/32 q@example.org -> b@example.net waits']);
      assert.deepEqual(batch.refused, []);
    }
    await assert.rejects(read(config), { code: 'IMPORT_NOT_UNDERSTOOD' });
  });

  test('of neither kind are not understood', async () => {
    const otherSql = 'CREATE TABLE x (y);\nINSERT INTO x VALUES(1);\n';
    for (const text of [
      ...['', 'a,b\n1,2\n', 'src,"first_seen\nx', `"${'x'.repeat(70_000)}`],
      ...['one line\n', otherSql, 'PRAGMA foreign_keys=OFF;\n'],
      'INSERT INTO constructor VALUES(1);\n',
    ])
      await assert.rejects(read(text), { code: 'IMPORT_NOT_UNDERSTOOD' }, text.slice(0, 20));
  });

  test("SQLite's own file is told apart from a CSV", async () => {
    await assert.rejects(read('SQLite format 3\0\u0010\0\u0001\u0001"x"'), {
      code: 'IMPORT_NOT_UNDERSTOOD',
      message: /^this is the database of SQLite itself: .*"sqlite3 FILE \.dump"/,
    });
  });

  test('a table without rows is one', async () => {
    const batch = await read('sender_name,sender_domain,src,rcpt,first_seen\n');
    assert.equal(batch.records.length, 0);
    const sql = await read(
      'BEGIN TRANSACTION;\nCREATE TABLE connect (sender_name text);\nCOMMIT;\n',
    );
    assert.equal(sql.records.length, 0);
  });

  test('of PostgreSQL: with --inserts, and not with COPY', async () => {
    const row = "('q','example.org','203.0.113.77','b@example.net','2026-11-28 05:25:02+00')";
    const dump = (rows: string): string =>
      `--\nSET x = 0;\nCREATE TABLE public.connect (\n);\n${rows}`;
    const batch = await read(dump(`INSERT INTO public.connect VALUES ${row};\n`));
    assert.deepEqual(tell(batch), ['203.0.113.77/32 q@example.org -> b@example.net waits']);
    await assert.rejects(read(dump('COPY public.connect (sender_name, src) FROM stdin;\nq\tx\n')), {
      code: 'IMPORT_NOT_UNDERSTOOD',
      message: /^line 5 .*"pg_dump --inserts"$/,
    });
  });
});
