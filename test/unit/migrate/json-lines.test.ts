import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encodeCorrespondence } from '../../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../../src/greylist/correspondence-key.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import {
  formatHeader,
  formatRecord,
  readExport,
  writeExport,
  writeRecord,
} from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import { readLines } from '../../../src/migrate/read-lines.js';
import { recordOf } from '../../../src/migrate/record-kinds.js';
import type { StoredRecord } from '../../../src/migrate/stored-record.js';
import { DAY, MINUTE, T0 } from '../../support/greylist-settings.js';
import { chunksOf, collect } from '../../support/import-rig.js';

const client = parseIpAddress('192.0.2.7');
assert.ok(client);
const network = { ipv4: 24, ipv6: 64 };
const source = {
  address: client,
  prefix: 24,
  name: 'mx.a.example',
  firstSeenAt: T0,
  lastSeenAt: T0 + 5 * MINUTE,
  attempts: 2,
  passedAt: T0 + 5 * MINUTE,
  expiresAt: T0 + 36 * DAY,
};
const keyOf = (sender: string): string =>
  correspondenceKey({ sender, recipient: 'r@b.example', client, network });
const pair = recordOf(keyOf('s@a.example'), { series: undefined, sources: [source] });
const waiting = recordOf(keyOf('w@a.example'), {
  series: { firstAt: T0, lastReturnAt: T0 + 1, returns: 1 },
  sources: [{ ...source, name: undefined, passedAt: undefined }],
});
const fromNobody = recordOf(keyOf(''), { series: undefined, sources: [source] });
const foreign: StoredRecord = { key: 'zwhat', value: Uint8Array.of(1, 2), expiresAt: T0 };

/** A text's lines behind a header, read. */
const read = (...lines: readonly string[]) =>
  collect(readExport(readLines(chunksOf([formatHeader('1.0.0', T0), ...lines].join('')))));

describe('a line', () => {
  const shownSource = {
    address: '192.0.2.7',
    prefix: 24,
    name: 'mx.a.example',
    firstSeenAt: '2025-06-01T12:00:00.000Z',
    lastSeenAt: '2025-06-01T12:05:00.000Z',
    attempts: 2,
    passedAt: '2025-06-01T12:05:00.000Z',
    expiresAt: '2025-07-07T12:00:00.000Z',
  };
  const { address, prefix, firstSeenAt, lastSeenAt, attempts, expiresAt } = shownSource;
  const shownWaiting = { address, prefix, firstSeenAt, lastSeenAt, attempts, expiresAt };
  for (const [what, record, fields] of [
    [
      'a pair',
      pair,
      { kind: 'pair', sender: 's@a.example', recipient: 'r@b.example', sources: [shownSource] },
    ],
    [
      'a pair that waits',
      waiting,
      {
        kind: 'pair',
        sender: 'w@a.example',
        recipient: 'r@b.example',
        sources: [shownWaiting],
        series: {
          firstAt: '2025-06-01T12:00:00.000Z',
          lastReturnAt: '2025-06-01T12:00:00.001Z',
          returns: 1,
        },
      },
    ],
    [
      'a null sender',
      fromNobody,
      {
        kind: 'null-sender',
        network: '192.0.2.0/24',
        recipient: 'r@b.example',
        sources: [shownSource],
      },
    ],
    [
      'anything else',
      foreign,
      { kind: 'opaque', key: 'endoYXQ=', value: 'AQI=', expiresAt: '2025-06-01T12:00:00.000Z' },
    ],
  ] as const)
    test(`of ${what} says all of it`, async () => {
      assert.deepEqual(writeRecord(record), fields);
      const { records, refused } = await read(formatRecord(record));
      assert.deepEqual(refused, []);
      assert.deepEqual(
        records.map((again) => [again.key, Buffer.from(again.value), again.expiresAt]),
        [[record.key, Buffer.from(record.value), record.expiresAt]],
      );
    });

  test('is opaque for what the other kinds cannot say', () => {
    const damaged = { ...pair, value: Uint8Array.of(1) };
    const newer = { ...pair, value: Uint8Array.of(9, 9) };
    const otherExpiry = { ...pair, expiresAt: pair.expiresAt + 60_000 };
    const sources = [{ ...source, lastSeenAt: 9e15 }];
    const series = { firstAt: 1, lastReturnAt: 9e15, returns: 1 };
    const noDate = recordOf(pair.key, { series: undefined, sources });
    const noDateEither = recordOf(pair.key, { series, sources: [source] });
    for (const record of [damaged, newer, otherExpiry, noDate, noDateEither])
      assert.equal(writeRecord(record)['kind'], 'opaque');
  });

  const good = { kind: 'pair', sender: 's@a', recipient: 'r@b', sources: [shownSource] };
  const withSource = (more: object) => ({ ...good, sources: [{ ...shownSource, ...more }] });
  for (const [what, value, reason] of [
    ['no JSON', '{', 'is no JSON'],
    ['no object', [], 'the line is no object'],
    ['no kind', {}, '"kind" is no text'],
    ['an unknown kind', { kind: 'what' }, 'of an unknown kind'],
    ['no sender', { ...good, sender: 7 }, '"sender" is no text'],
    ['an empty sender', { ...good, sender: '' }, '"sender" is empty'],
    ['no network', { ...good, kind: 'null-sender', network: 'x' }, '"network" is no network'],
    ['no sources', { ...good, sources: {} }, '"sources" is no list of at most 32'],
    [
      'too many sources',
      { ...good, sources: Array(33).fill(shownSource) },
      '"sources" is no list of at most 32',
    ],
    ['a source that is none', { ...good, sources: [null] }, 'a source is no object'],
    ['no address', withSource({ address: 'mx' }), '"address" is no address'],
    ['a wrong prefix', withSource({ prefix: 33 }), '"prefix" is no whole number from 0 to 32'],
    ['half an attempt', withSource({ attempts: 1.5 }), /"attempts" is no whole number/],
    ['a number for a time', withSource({ expiresAt: 5 }), '"expiresAt" is no text'],
    ['no time', withSource({ firstSeenAt: 'soon' }), '"firstSeenAt" is no time'],
    [
      'a time before 1970',
      withSource({ passedAt: '1969-12-31T23:59:59Z' }),
      '"passedAt" is no time',
    ],
    ['half a character', withSource({ name: '\ud800' }), '"name" is no Unicode'],
    ['a series that is none', { ...good, series: 1 }, '"series" is no object'],
    ['no base64', { kind: 'opaque', key: '!', value: '' }, '"key" is no base64'],
    ['an empty key', { kind: 'opaque', key: '', value: '' }, '"key" is empty'],
  ] as const)
    test(`with ${what} is refused, and the others count`, async () => {
      const line = typeof value === 'string' ? value : JSON.stringify(value);
      const { records, refused } = await read(
        formatRecord(pair),
        `${line}\n\n`,
        formatRecord(waiting),
      );
      assert.equal(records.length, 2);
      assert.equal(refused.length, 1);
      assert.equal(refused[0]?.line, 3);
      if (typeof reason === 'string') assert.equal(refused[0].reason, reason);
      else assert.match(refused[0].reason, reason);
    });
});

describe('an export', () => {
  test('begins with a header, and comes in pieces', async () => {
    const many = async function* (): AsyncGenerator<StoredRecord> {
      for (let n = 0; n < 600; n++) yield await Promise.resolve(pair);
    };
    const chunks: string[] = [];
    for await (const chunk of writeExport(formatHeader('1.0.0', T0), many())) chunks.push(chunk);
    assert.equal(chunks.length, 10);
    const lines = chunks.join('').split('\n');
    assert.deepEqual(JSON.parse(lines[0] ?? ''), {
      format: 'greymilter',
      version: 1,
      exportedAt: '2025-06-01T12:00:00.000Z',
      by: '1.0.0',
    });
    assert.equal(lines.length, 602);
    const { records } = await collect(readExport(readLines(chunksOf(chunks.join('')))));
    assert.equal(records.length, 600);
  });

  test('of nothing has a header alone', async () => {
    const chunks: string[] = [];
    const nothing = async function* (): AsyncGenerator<StoredRecord> {
      yield* await Promise.resolve([]);
    };
    for await (const chunk of writeExport('head\n', nothing())) chunks.push(chunk);
    assert.deepEqual(chunks, ['head\n']);
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['another text', 'hello\n'],
    ['JSON of others', '{"a":1}\n'],
    ['a header without a version', '{"format":"greymilter"}\n'],
    ['a header of others', '{"format":"x","version":1}\n'],
  ] as const)
    test(`that is ${what} is not understood`, async () => {
      await assert.rejects(collect(readExport(readLines(chunksOf(text)))), {
        code: 'IMPORT_NOT_UNDERSTOOD',
      });
    });

  test('of a newer format is refused', async () => {
    const text = '{"format":"greymilter","version":2}\n';
    await assert.rejects(collect(readExport(readLines(chunksOf(text)))), {
      code: 'IMPORT_NEWER_FORMAT',
    });
  });
});

describe('two records of one key', () => {
  const merge = (mine: StoredRecord, theirs: StoredRecord) => mergeRecords(mine, theirs, T0 + DAY);
  const longer = recordOf(pair.key, {
    series: undefined,
    sources: [{ ...source, expiresAt: source.expiresAt + DAY }],
  });

  test('are united', () => {
    const other = recordOf(pair.key, {
      series: undefined,
      sources: [{ ...source, address: parseIpAddress('192.0.3.1') ?? client }],
    });
    const merged = merge(pair, other);
    assert.equal((writeRecord(merged)['sources'] as readonly unknown[]).length, 2);
    assert.equal(merge(merged, other), merged);
    assert.equal(merge(merged, pair), merged);
    assert.deepEqual(
      merge(fromNobody, { ...longer, key: fromNobody.key }).expiresAt,
      longer.expiresAt,
    );
  });

  test('that say the same leave the first as it is', () => {
    assert.equal(merge(longer, pair), longer);
    assert.equal(merge(pair, { ...pair }), pair);
  });

  test('of which one cannot be read leave the other', () => {
    const damaged = { ...pair, value: Uint8Array.of(1), expiresAt: T0 + 99 * DAY };
    assert.equal(merge(pair, damaged), pair);
    assert.equal(merge(damaged, pair), pair);
    assert.equal(merge(damaged, { ...damaged, value: Uint8Array.of(1, 1) }), damaged);
  });

  test('of a kind that nobody knows leave the one that lives longer', () => {
    const later = { ...foreign, value: Uint8Array.of(3), expiresAt: foreign.expiresAt + 1 };
    assert.equal(merge(foreign, later), later);
    assert.equal(merge(later, foreign), later);
    assert.equal(merge(foreign, { ...foreign, value: Uint8Array.of(9) }), foreign);
    const strange = {
      ...foreign,
      key: 'c\0',
      value: encodeCorrespondence({ series: undefined, sources: [source] }),
    };
    assert.equal(merge(strange, { ...foreign, key: strange.key }), strange);
  });
});
