import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { correspondenceExpiresAt } from '../../../src/greylist/advance.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
} from '../../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../../src/greylist/correspondence-key.js';
import type { Correspondence, Source } from '../../../src/greylist/correspondence.js';
import { isKnown } from '../../../src/greylist/find-source.js';
import { networkContains, networkOf } from '../../../src/mail/network.js';
import { formatHeader, readExport, writeExport } from '../../../src/migrate/json-lines.js';
import { mergeCorrespondences } from '../../../src/migrate/merge-correspondences.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import { readLines } from '../../../src/migrate/read-lines.js';
import { readPostgreyRow } from '../../../src/migrate/postgrey-row.js';
import type { StoredRecord } from '../../../src/migrate/stored-record.js';
import { DAY, HOUR, T0 } from '../../support/greylist-settings.js';
import { chunksOf } from '../../support/import-rig.js';
import { anyAddress, anyCorrespondence, closeAddress } from '../greylist/arbitraries.js';
import { fc } from '../../support/properties.js';

const record: fc.Arbitrary<StoredRecord> = fc
  .record({
    sender: fc.oneof(fc.constant(''), fc.emailAddress(), fc.string({ unit: 'binary' })),
    recipient: fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })),
    client: anyAddress,
    correspondence: anyCorrespondence,
  })
  .map(({ correspondence, ...parties }) => ({
    key: correspondenceKey({ ...parties, network: { ipv4: 24, ipv6: 64 } }),
    value: encodeCorrespondence(correspondence),
    expiresAt: correspondenceExpiresAt(correspondence),
  }))
  // As a store keeps it.
  .map((each) => ({
    ...each,
    expiresAt: Math.min(Math.ceil(each.expiresAt / 1000), 0xffff_ffff) * 1000,
  }));

const opaque: fc.Arbitrary<StoredRecord> = fc.record({
  key: fc.string({ minLength: 1 }).filter((key) => !/\p{Surrogate}/u.test(key)),
  value: fc.uint8Array({ maxLength: 40 }),
  expiresAt: fc.nat(0xffff_ffff).map((second) => second * 1000),
});

test('an export, read again, has the same records to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(record, opaque), { maxLength: 8 }), async (records) => {
      const all = async function* (): AsyncGenerator<StoredRecord> {
        yield* await Promise.resolve(records);
      };
      let text = '';
      for await (const chunk of writeExport(formatHeader('test', T0), all())) text += chunk;
      const again: StoredRecord[] = [];
      for await (const batch of readExport(readLines(chunksOf(text, 97)))) {
        assert.deepEqual(batch.refused, []);
        again.push(...batch.records);
      }
      assert.deepEqual(again.map(plain), records.map(plain));
    }),
    { numRuns: 200 },
  );
});

function plain({ key, value, expiresAt }: StoredRecord): readonly unknown[] {
  return [key, Buffer.from(value).toString('hex'), Math.ceil(expiresAt / 1000)];
}

/** Sources that are often of the same network, in all states at T0. */
const source: fc.Arbitrary<Source> = fc
  .record({
    address: closeAddress,
    isWide: fc.boolean(),
    name: fc.option(fc.constantFrom('mx.a.example', 'mx.b.example'), { nil: undefined }),
    firstSeenAt: fc.integer({ min: T0 - 3 * DAY, max: T0 }),
    spanMs: fc.constantFrom(0, HOUR, DAY),
    attempts: fc.integer({ min: 1, max: 4 }),
    passes: fc.boolean(),
    lifeMs: fc.constantFrom(HOUR, 2 * DAY, 36 * DAY),
  })
  .map(({ address, isWide, name, firstSeenAt, spanMs, attempts, passes, lifeMs }) => {
    const lastSeenAt = firstSeenAt + spanMs;
    return {
      address,
      prefix: address.family === 4 ? (isWide ? 16 : 24) : 64,
      name,
      firstSeenAt,
      lastSeenAt,
      attempts,
      passedAt: passes ? lastSeenAt : undefined,
      expiresAt: lastSeenAt + lifeMs,
    };
  });

const correspondence: fc.Arbitrary<Correspondence> = fc.record({
  series: fc.option(
    fc.record({
      firstAt: fc.integer({ min: T0 - 3 * DAY, max: T0 }),
      lastReturnAt: fc.integer({ min: T0, max: T0 + DAY }),
      returns: fc.nat(5),
    }),
    { nil: undefined },
  ),
  sources: fc.array(source, { maxLength: 32 }),
});

describe('two records, merged', () => {
  test('are the same whichever is the first, and again', () => {
    fc.assert(
      fc.property(correspondence, correspondence, (a, b) => {
        const merged = mergeCorrespondences(a, b, T0);
        assert.deepEqual(mergeCorrespondences(b, a, T0), merged);
        assert.ok(merged.sources.length <= 32);
        assert.deepEqual(
          decodeCorrespondence(encodeCorrespondence(merged)).sources.length,
          merged.sources.length,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('once more change nothing', () => {
    fc.assert(
      fc.property(correspondence, correspondence, (a, b) => {
        const [mine, theirs] = [a, b].map((each) => ({
          key: 'cr@b\0s@a',
          value: encodeCorrespondence(each),
          expiresAt: correspondenceExpiresAt(each),
        }));
        assert.ok(mine && theirs);
        const merged = mergeRecords(mine, theirs, T0);
        assert.equal(mergeRecords(merged, theirs, T0), merged);
      }),
      { numRuns: 1000 },
    );
  });

  test('let everybody in whom one of them let in', () => {
    const few = correspondence.map((each) => ({ ...each, sources: each.sources.slice(0, 16) }));
    fc.assert(
      fc.property(few, few, (a, b) => {
        const merged = mergeCorrespondences(a, b, T0);
        for (const { address } of [...a.sources, ...b.sources].filter((each) =>
          isKnown(each, T0),
        )) {
          const isIn = merged.sources.some(
            (each) =>
              isKnown(each, T0) && networkContains(networkOf(each.address, each.prefix), address),
          );
          assert.ok(isIn, address.text);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test("a row of Postgrey's, whatever it is, is read or refused", () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '@', '"', '\\', '24', '198.51.100.0', '2001:db8::', 'a.example', '#'),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, fc.oneof(text, fc.constant('1,2')), (key, value) => {
      const row = readPostgreyRow(key, value, { ipv4: 24, ipv6: 64 });
      if (row.kind !== 'triplet') return;
      const { sender, recipient } = row.triplet;
      assert.ok(key.endsWith(`/${sender}/${recipient}`) && recipient !== '', key);
    }),
    { numRuns: 1000 },
  );
});
