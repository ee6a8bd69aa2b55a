import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import {
  CLIENT_LEFT_OUT,
  NUMBERED_SENDER,
  readPostgrey,
} from '../../../src/migrate/read-postgrey.js';
import { readLines } from '../../../src/migrate/read-lines.js';
import type { ForeignTerms } from '../../../src/migrate/foreign-triplet.js';
import { writeRecord } from '../../../src/migrate/json-lines.js';
import type { ReadBatch } from '../../../src/migrate/stored-record.js';
import { projectRoot } from '../../guards/readme-text.js';
import { DAY, MINUTE, SECOND } from '../../support/greylist-settings.js';
import { chunksOf, collect, foreignTerms, tell } from '../../support/import-rig.js';

/** Some minutes after the last row of the samples. */
const NOW = 1_795_260_000_000;

async function readSample(name: string, chunk?: number): Promise<ReadBatch> {
  const path = join(projectRoot, 'test/fixtures/postgrey-db', `${name}.dump`);
  // They were made with a delay of a minute.
  const terms = foreignTerms(NOW, { delayMs: MINUTE });
  const pages = readLines(chunksOf(readFileSync(path, 'utf8'), chunk));
  return await collect(readPostgrey(pages, terms, { ipv4: 24, ipv6: 64 }));
}

async function readDump(
  lines: readonly string[],
  cidr = { ipv4: 24, ipv6: 64 },
  now = NOW,
): Promise<ReadBatch> {
  const header = ['VERSION=3', 'format=print', 'type=btree', 'HEADER=END'];
  const text = [...header, ...lines.map((line) => ` ${line}`), 'DATA=END', ''].join('\n');
  return await collect(readPostgrey(readLines(chunksOf(text)), foreignTerms(now), cidr));
}

/** The one row of a dump. */
async function readRow(key: string, value: string, cidr?: { ipv4: number; ipv6: number }) {
  const batch = await readDump([key, value], cidr);
  return tell(batch)[0] ?? batch.refused[0]?.reason;
}

const seconds = NOW / SECOND;
const passed = `${seconds - 1000},${seconds - 100}`;

describe('dumps of real databases', () => {
  const byNetwork = [
    '198.51.100.0/24 <> -> null@example.net waits',
    '198.51.100.0/24 a@example.com -> b@example.net passed',
    '198.51.100.0/24 a@example.com -> u@example.net waits',
    '198.51.100.0/24 bob@example.com -> b@example.net waits',
    '198.51.100.0/24 x/y@example.com -> b/c@example.net waits',
    '198.51.100.9/32 a@example.com -> b@example.net waits',
    '2001:db8:1:2::/64 a@example.com -> v6@example.net passed',
  ];
  const byHost = [
    '198.51.100.7/32 <> -> null@example.net waits',
    '198.51.100.7/32 a@example.com -> b@example.net passed',
    '198.51.100.7/32 bob@example.com -> b@example.net waits',
    '198.51.100.7/32 x/y@example.com -> b/c@example.net waits',
    '198.51.100.9/32 a@example.com -> b@example.net waits',
    '198.51.100.9/32 a@example.com -> u@example.net waits',
    '2001:db8:1:2::5/128 a@example.com -> v6@example.net passed',
  ];
  for (const [name, expected] of [
    [
      'v1.35-default',
      byNetwork.map((row) =>
        row
          .replace('198.51.100.0/24 a@example.com -> u', '198.51.100.9/24 a@example.com -> u')
          .replace('198.51.100.0/24', '198.51.100.7/24')
          .replace('2::/64', '2::5/128'),
      ),
    ],
    ['v1.35-lookup-by-host', byHost],
    ['v1.36-default', byNetwork],
    ['v1.36-lookup-by-host', byHost],
    ['v1.37-default', [...byNetwork.slice(0, 5), ...byNetwork.slice(6)]],
    ['v1.37-lookup-by-host', byHost],
  ] as const)
    test(name, async () => {
      const batch = await readSample(`${name}.postgrey.db.print`);
      const lost = name === 'v1.37-default' ? 'a@example.com -> b@example.net passed' : 'none';
      const shown = expected.map((row) =>
        row.includes(lost) ? row.replace('passed', 'waits') : row,
      );
      assert.deepEqual(tell(batch), shown);
      assert.deepEqual([batch.expired, batch.refused, batch.noted], [0, [], []]);
    });

  test('v1.37-mixed, printed and as bytes', async () => {
    const batch = await readSample('v1.37-mixed.postgrey.db.print');
    assert.deepEqual(await readSample('v1.37-mixed.postgrey.db.bytevalue', 7), batch);
    assert.equal(batch.records.length, 22);
    assert.deepEqual(
      batch.refused.map(({ line, reason }) => [line, reason]),
      [[6, 'one network for all IPv4-mapped clients, whoever they are']],
    );
    assert.deepEqual(batch.noted, [
      { line: 32, reason: NUMBERED_SENDER, detail: 'bounce-#-#.56_78a-#@example.com' },
    ]);
    const told = tell(batch);
    assert.ok(
      told.includes('198.51.100.0/24 srs0=hhh=tt=dom.tld=user@fwd.example -> b@example.net waits'),
    );
    assert.ok(told.includes('203.0.113.0/24 a@example.com -> w@example.net passed'));
  });

  for (const version of ['1.35', '1.36', '1.37'] as const)
    test(`v${version}-privacy: nobody can tell what it was`, async () => {
      const { records, refused } = await readSample(`v${version}-privacy.postgrey.db.print`);
      assert.equal(records.length, 0);
      assert.equal(refused.length, version === '1.37' ? 6 : 7);
      assert.ok(refused.every(({ reason }) => reason.startsWith('hashed by --privacy')));
    });

  test('clients that are auto-whitelisted', async () => {
    for (const form of ['print', 'bytevalue']) {
      const { records, refused } = await readSample(`v1.37-default.postgrey_clients.db.${form}`);
      assert.equal(records.length, 0);
      assert.deepEqual(
        refused.map(({ reason, detail }) => [reason, detail]),
        [
          [CLIENT_LEFT_OUT, '198.51.100.7'],
          [CLIENT_LEFT_OUT, '2001:DB8:1:2:0:0:0:5'],
        ],
      );
    }
  });
});

describe('a row', () => {
  for (const [key, expected] of [
    ['198.51.100.7/32/s@a.example/r@b.example', '198.51.100.7/32 s@a.example -> r@b.example'],
    ['198.51.100.0/22/s@a.example/r@b.example', '198.51.100.0/22 s@a.example -> r@b.example'],
    ['198.51.100.0/33/s@a.example/r', '198.51.100.0/24 33/s@a.example -> r'],
    ['198.51.100.0/24/r@b.example', '198.51.100.0/24 24 -> r@b.example'],
    ['198.51.100.0/24//r@b.example', '198.51.100.0/24 <> -> r@b.example'],
    ['198.51.100.0/root/r@b.example', '198.51.100.0/24 root -> r@b.example'],
    ['198.51.100.0/root/root', '198.51.100.0/24 root -> root'],
    ['198.51.100.0/S@A.Example/R+x@b.example', '198.51.100.0/24 s@a.example -> r+x@b.example'],
    [
      '198.51.100.0/"a@b/c"@d.example/r@b.example',
      '198.51.100.0/24 "a@b/c"@d.example -> r@b.example',
    ],
    ['198.51.100.0/x/y@a.example/b/c@b.example', '198.51.100.0/24 x/y@a.example -> b/c@b.example'],
    ['2001:db8:0:0:0:0:0:0/s@a.example/r@b.example', '2001:db8::/64 s@a.example -> r@b.example'],
    ['::ffff:198.51.100.7/s@a.example/r@b.example', '198.51.100.7/32 s@a.example -> r@b.example'],
    ['198.51.100.0/s@a.example', undefined],
    ['198.51.100.0/s@a.example/', undefined],
    ['mx.example/s@a.example/r@b.example', undefined],
    ['', undefined],
  ] as const)
    test(`"${key}"`, async () => {
      const wanted = expected === undefined ? 'no row of Postgrey' : `${expected} passed`;
      assert.equal(await readRow(key, passed), wanted);
    });

  test('of a client has an address, or one with its length', async () => {
    assert.equal(await readRow('198.51.100.7/32', '7,1795252500'), CLIENT_LEFT_OUT);
    assert.equal(await readRow('198.51.100.7', '7'), 'no row of Postgrey');
  });

  test('with a value that is none is refused', async () => {
    for (const value of ['', '1', '1,2,3,4', '1,-2', 'x,1', '1.5,2', '1,2,3333']) {
      const row = await readRow('198.51.100.0/s@a.example/r@b.example', value);
      assert.equal(row, 'no row of Postgrey', value);
    }
  });

  test('tells its network by the option that the exporter had', async () => {
    const read = (net: string, ipv4: number) =>
      readRow(`${net}/s@a.example/r@b.example`, passed, { ipv4, ipv6: 48 });
    assert.match((await read('198.51.0.0', 16)) ?? '', /^198\.51\.0\.0\/16 /);
    assert.match((await read('198.51.100.0', 16)) ?? '', /^198\.51\.100\.0\/32 /);
    assert.match((await read('198.51.100.16', 28)) ?? '', /^198\.51\.100\.16\/28 /);
    assert.match((await read('2001:db8:1:0:0:0:0:0', 24)) ?? '', /^2001:db8:1::\/48 /);
    assert.match((await read('2001:db8:1:2:0:0:0:0', 24)) ?? '', /^2001:db8:1:2::\/128 /);
  });
});

describe('times', () => {
  const key = '198.51.100.0/s@a.example/r@b.example';
  for (const [what, first, last, expected] of [
    ['last less than a delay after first: it waits', -400, -101, 'waits'],
    ['last a delay after first: it has passed', -400, -100, 'passed'],
    ['first in the window: it waits still', -2 * 86_400 + 1, -2 * 86_400 + 1, 'waits'],
    ['first before the window: it is forgotten', -2 * 86_400, -2 * 86_400, undefined],
    ['last in the life: it is known', -80 * 86_400, -36 * 86_400 + 1, 'passed'],
    ['last before the life: it is forgotten', -80 * 86_400, -36 * 86_400, undefined],
    ['in the future: it begins now', 1000, 1010, 'waits'],
    ['last before first, since the clock stepped back: it waits', -100, -400, 'waits'],
  ] as const)
    test(what, async () => {
      const batch = await readDump([key, `${seconds + first},${seconds + last}`]);
      assert.equal(tell(batch)[0]?.split(' ').at(-1), expected);
      assert.equal(batch.expired, expected === undefined ? 1 : 0);
    });

  test('a null sender that has passed is known for a day', async () => {
    const read = (age: number) =>
      readDump(['198.51.100.0//r@b.example', `${seconds - 200_000},${seconds - age}`]);
    assert.equal((await read(86_399)).records.length, 1);
    assert.equal((await read(86_400)).expired, 1);
  });

  test('what was seen last is the last hit', async () => {
    const { records } = await readDump([key, passed]);
    assert.equal(records[0]?.expiresAt, NOW - 100_000 + 37 * 86_400_000);
  });
});

describe('senders with numbers', () => {
  const key = '198.51.100.0/bounce-#@a.example/r@b.example';
  const read = (senderForm: (sender: string) => string) => {
    const text = ['VERSION=3', 'HEADER=END', ` ${Buffer.from(key).toString('hex')}`];
    const dump = [...text, ` ${Buffer.from(passed).toString('hex')}`, 'DATA=END', ''].join('\n');
    const terms = foreignTerms(NOW, { senderForm });
    return collect(readPostgrey(readLines(chunksOf(dump)), terms, { ipv4: 24, ipv6: 64 }));
  };

  const told = (from: string) => [`198.51.100.0/24 ${from} -> r@b.example passed`];

  test('come under our own form', async () => {
    const batch = await read((sender) => sender.replace(/\d+/g, '#'));
    assert.deepEqual(tell(batch), told('bounce-#@a.example'));
    assert.deepEqual(batch.noted, []);
  });

  test('of which it is noted that it is not the form of all of them', async () => {
    for (const form of [
      (sender: string) => sender,
      (sender: string) => sender.replace(/\d{4,}/g, '#'),
    ]) {
      const batch = await read(form);
      assert.deepEqual(tell(batch), told('bounce-#@a.example'));
      assert.deepEqual(batch.noted, [
        { line: 3, reason: NUMBERED_SENDER, detail: 'bounce-#@a.example' },
      ]);
    }
  });
});

describe('an auto-whitelisted client', () => {
  const settings = {
    after: 5,
    count: 'address',
    domains: 2,
    spacingMs: 0,
    forMs: 36 * DAY,
  } as const;
  const read = async (
    value: string,
    clientAutowhite: ForeignTerms['clientAutowhite'] = settings,
  ) => {
    const text = `VERSION=3\nformat=print\nHEADER=END\n 198.51.100.7\n ${value}\nDATA=END\n`;
    const terms = foreignTerms(NOW, { clientAutowhite });
    const batch = await collect(
      readPostgrey(readLines(chunksOf(text)), terms, { ipv4: 24, ipv6: 64 }),
    );
    return { ...batch, shown: batch.records.map(writeRecord) };
  };
  const instant = (at: number): string => new Date(at).toISOString();

  test('is exempt if it has passed often enough, and else keeps its points', async () => {
    for (const [points, isExempt] of [
      [5, true],
      [4, false],
    ] as const) {
      const { shown } = await read(`${points},${seconds - 100}`);
      const at = NOW - 100_000;
      assert.deepEqual(shown, [
        {
          kind: 'client',
          count: 'address',
          client: '198.51.100.7',
          points,
          isExempt,
          witnesses: [],
          lastPointAt: instant(at),
          lastSeenAt: instant(at),
          expiresAt: instant(at + 36 * DAY),
        },
      ]);
    }
  });

  test('is forgotten in its time; one of the future came now', async () => {
    assert.equal((await read(`5,${seconds - 36 * 86_400}`)).expired, 1);
    assert.equal((await read(`5,${seconds + 500}`)).shown[0]?.['lastPointAt'], instant(NOW));
  });

  test('is left out where addresses are not counted', async () => {
    const { refused } = await read(`5,${seconds}`, { ...settings, count: 'network' });
    assert.deepEqual(refused, [{ line: 4, reason: CLIENT_LEFT_OUT, detail: '198.51.100.7' }]);
  });
});

describe('a dump', () => {
  const sound = ['VERSION=3', 'format=print', 'type=btree', 'HEADER=END'];
  const row = [' 198.51.100.0/s@a.example/r@b.example', ` ${passed}`];
  const read = (...lines: readonly string[]) =>
    collect(
      readPostgrey(readLines(chunksOf(lines.join('\n'))), foreignTerms(NOW), {
        ipv4: 24,
        ipv6: 64,
      }),
    );

  test('may be followed by another', async () => {
    const batch = await read(
      ...sound,
      ...row,
      'DATA=END',
      ...sound,
      'DATA=END',
      ...sound,
      ...row,
      'DATA=END',
    );
    assert.equal(batch.records.length, 2);
  });

  test('has other bytes as \\xx, and its backslashes doubled', async () => {
    const key = ' 198.51.100.0/caf\\c3\\a9\\\\x@a.example/r@b.example';
    const batch = await read(...sound, key, ` ${passed}`, 'DATA=END');
    assert.deepEqual(tell(batch), [
      '198.51.100.0/24 "caf\u00e9x"@a.example -> r@b.example passed'.replace(/"/g, ''),
    ]);
  });

  for (const [what, lines] of [
    ['nothing', []],
    ['another text', ['# whitelist', ...row]],
    ['another version', ['VERSION=2', ...sound.slice(1), 'DATA=END']],
    ['another format', ['VERSION=3', 'format=xml', 'HEADER=END', 'DATA=END']],
    ['a header that is none', ['VERSION=3', 'what?', 'HEADER=END', 'DATA=END']],
    ['no version', [...sound, 'DATA=END', 'HEADER=END']],
    ['a line without its blank', [...sound, '198.51.100.0/s@d/r@d']],
    ['a backslash before anything else', [...sound, ' a\\zz', ' 1,2', 'DATA=END']],
    ['digits that are none', ['VERSION=3', 'HEADER=END', ' 0g', ' 00', 'DATA=END']],
  ] as const)
    test(`that is ${what} is not understood`, async () => {
      await assert.rejects(read(...lines), { code: 'IMPORT_NOT_UNDERSTOOD' });
    });

  test('that ends early is cut off, wherever', async () => {
    const whole = [...sound, ...row, 'DATA=END'];
    for (let length = 1; length < whole.length; length++)
      await assert.rejects(
        read(...whole.slice(0, length)),
        { code: 'IMPORT_CUT_OFF' },
        String(length),
      );
    await read(...whole);
  });
});
