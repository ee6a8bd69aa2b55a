import assert from 'node:assert/strict';
import {
  formatHeader,
  readExport,
  readRecord,
  writeRecord,
} from '../../../src/migrate/json-lines.js';
import { MigrateError } from '../../../src/migrate/migrate-error.js';
import { readLines } from '../../../src/migrate/read-lines.js';
import { readMilterGreylist } from '../../../src/migrate/read-milter-greylist.js';
import { readPostgrey } from '../../../src/migrate/read-postgrey.js';
import { readSqlgrey } from '../../../src/migrate/read-sqlgrey.js';
import type { ReadBatch } from '../../../src/migrate/stored-record.js';
import { collect, foreignTerms } from '../../support/import-rig.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { chunksOf, wholeOf } from '../pieces.js';
import { readFixtures } from '../read-fixture.js';
import { sampleRecords } from '../sample-records.js';

/** In the middle of what the fixtures tell of. */
const now = 1_795_900_000_000;
const terms = foreignTerms(now);

type Chunks = AsyncIterable<Uint8Array>;

/** What an input comes to; `undefined` if it is refused as a whole. */
async function readBoth(
  input: Buffer,
  read: (chunks: Chunks) => AsyncIterable<ReadBatch>,
): Promise<ReadBatch | undefined> {
  const whole = await readOnce(read(wholeOf(input)));
  const pieces = await readOnce(read(chunksOf(input)));
  assert.deepEqual(pieces, whole, 'it does not matter how it arrives');
  if (typeof whole === 'string') return undefined;
  for (const record of whole.records) recordIsSound(record);
  return whole;
}

async function readOnce(batches: AsyncIterable<ReadBatch>): Promise<ReadBatch | string> {
  try {
    return await collect(batches);
  } catch (error) {
    if (error instanceof MigrateError) return error.code;
    throw error;
  }
}

/** What is imported can be exported, and is then the same. */
function recordIsSound(record: ReadBatch['records'][number]): void {
  assert.ok(Number.isSafeInteger(record.expiresAt), String(record.expiresAt));
  const fields: unknown = JSON.parse(JSON.stringify(writeRecord(record)));
  assert.ok(typeof fields === 'object' && fields !== null);
  const again = readRecord({ ...fields });
  assert.deepEqual(writeRecord(again), writeRecord(record));
  assert.equal(again.key, record.key);
}

function countOf(batch: ReadBatch): number {
  return batch.records.length + batch.expired + batch.refused.length;
}

const signs = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  '"',
  "'",
  '\\',
  ',',
  ';',
  '|',
  '#',
  '\0',
  '\ufeff',
  '<>',
  '@',
];
const values = ['192.0.2.1', '2001:db8::1', '198.51.100', '1795853102', '-1', '99999999999', 'ü'];

/** milter-greylist's dumps: each line that is not empty counts once. */
export const milterGreylistImports: FuzzTarget = {
  name: 'import-milter-greylist',
  seeds: () => [
    Buffer.from(
      `# greylist\n#\tSender IP\tSender e-mail\tRecipient e-mail\tTime accepted\n` +
        `192.0.2.10\t<a@s.example>\t<b@r.example>\t1795230383 # 2026-11-21 03:06:23\n` +
        `192.0.2.11\t<>\t<c@r.example>\t1796233982 AUTO # 2026-12-02\n` +
        `2001:db8::1\t<"a b"@s.example>\t<b@r.example>\t1795931002\n# Summary: 3 records\n`,
    ),
  ],
  words: [...signs, ...values, ' AUTO', ' 0 TARPIT', '%eth0', '<a@b>', '#milter-greylist', '"\\""'],
  maxBytes: 4000,
  run: async (input) => {
    const batch = await readBoth(input, (chunks) => readMilterGreylist(readLines(chunks), terms));
    if (batch === undefined) return;
    const lines = new TextDecoder().decode(input).split('\n');
    const written = lines.filter((line) => !/^\s*(#|$)/.test(line)).length;
    assert.equal(countOf(batch), written);
  },
};

/** Postgrey's tables: each row counts once. */
export const postgreyImports: FuzzTarget = {
  name: 'import-postgrey',
  seeds: () => readFixtures('postgrey-db', /\.dump$/),
  words: [
    ...signs,
    ...values,
    ...[
      'VERSION=3\n',
      'format=print\n',
      'format=bytevalue\n',
      'HEADER=END\n',
      'DATA=END\n',
      '\\00',
    ],
    ...['\\5c', '/24/', ' 192.0.2.0/a@b/c@d\n 1795853102,1795853702\n', 'type=btree\n'],
  ],
  maxBytes: 4000,
  run: async (input) => {
    const cidr = { ipv4: 24, ipv6: 64 };
    const batch = await readBoth(input, (chunks) => readPostgrey(readLines(chunks), terms, cidr));
    if (batch === undefined) return;
    // Rows are two lines each, behind a blank.
    const data = input.toString('latin1').split(/\r?\n/);
    assert.equal(countOf(batch) * 2, data.filter((line) => line.startsWith(' ')).length);
  },
};

/** SQLgrey's: a row is never more than one line or tuple. */
export const sqlgreyImports: FuzzTarget = {
  name: 'import-sqlgrey',
  seeds: () => readFixtures('sqlgrey', /\.(csv|sql)$/),
  words: [
    ...signs,
    ...values,
    ...['INSERT INTO connect VALUES(', "('a','b.c','192.0.2.1','d@e',1795853102)", ');\n', "''"],
    ...[
      'sender_name,sender_domain,src,rcpt,first_seen\n',
      '-undef-',
      '2026-11-28 12:00:00+01',
      '""',
    ],
  ],
  maxBytes: 4000,
  run: async (input) => {
    const batch = await readBoth(input, (chunks) => readSqlgrey(chunks, terms));
    if (batch === undefined) return;
    const places = input.toString('latin1').split(/[\n\r(]/).length;
    assert.ok(countOf(batch) <= places, `${countOf(batch)} rows in ${places} places`);
  },
};

/** Exports of our own: each line behind the header counts once. */
export const jsonLinesImports: FuzzTarget = {
  name: 'import-json-lines',
  seeds: () => [
    Buffer.from(
      formatHeader('1.0.0', now) +
        sampleRecords(now)
          .map((record) => `${JSON.stringify(writeRecord(record))}\n`)
          .join(''),
    ),
  ],
  words: [
    ...signs,
    ...values,
    ...['{', '}', '[', ']', ':', 'null', 'true', '1e400', '-0', '0.5', '"\\ud800"', '"\\u0000"'],
    ...['"kind":"pair"', '"kind":"client"', '"kind":"opaque"', '"sources":[]', '"__proto__":{}'],
    ...[
      '"passedAt":1795853102000',
      '"expiresAt":',
      '"address":"::1"',
      '"prefix":128',
      '"version":2',
    ],
  ],
  maxBytes: 8000,
  run: async (input) => {
    const batch = await readBoth(input, (chunks) => readExport(readLines(chunks)));
    if (batch === undefined) return;
    const [, ...lines] = new TextDecoder().decode(input).split(/\r?\n/);
    const written = lines.filter((line) => line !== '' && !line.startsWith('{"end":')).length;
    assert.equal(countOf(batch), written);
  },
};
