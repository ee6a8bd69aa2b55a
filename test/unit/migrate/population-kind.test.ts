import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countRecords } from '../../../src/admin/record-census.js';
import { parseRecordFilter } from '../../../src/admin/record-filter.js';
import {
  encodePopulationState,
  foundPopulationKey,
  POPULATION_KEY,
} from '../../../src/greylist/population-record.js';
import {
  formatHeader,
  outlineRecord,
  readExport,
  readRecord,
  writeExport,
  writeRecord,
} from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import { opaqueKind } from '../../../src/migrate/opaque-record.js';
import { DAY, T0 } from '../../support/greylist-settings.js';
import { createManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

const state = {
  key: POPULATION_KEY,
  value: encodePopulationState({ counting: undefined, latest: undefined }),
  expiresAt: T0 + DAY,
};
const found = { key: foundPopulationKey('ab'), value: Uint8Array.of(1), expiresAt: T0 + DAY };
const other = { key: 'zwhat', value: Uint8Array.of(1, 2), expiresAt: T0 + DAY };

describe('what the filters of a shared store have counted', () => {
  test('is no record of anybody: lists and counts are without it', async () => {
    const store = new MemoryStore({ clock: createManualClock(T0) });
    for (const { key, ...next } of [state, found, other])
      await store.compareAndSet(key, undefined, next);
    assert.equal((await countRecords(store, T0, 1)).records, 1);
    for (const record of [state, found]) {
      const outline = outlineRecord(record);
      assert.deepEqual([outline.kind, outline.clients(T0)], ['population', []]);
      assert.equal(parseRecordFilter({})(outline, T0), false);
      assert.equal(parseRecordFilter({ kind: 'opaque' })(outline, T0), false);
      assert.equal(parseRecordFilter({ kind: 'population' })(outline, T0), true);
    }
    const expiresAt = new Date(T0 + DAY).toISOString();
    assert.deepEqual(writeRecord(found), { kind: 'population', key: 'population ab', expiresAt });
  });

  test('is in no export, and is not taken from that of an earlier version', async () => {
    const records = async function* () {
      await Promise.resolve();
      yield* [state, other, found];
    };
    let text = '';
    for await (const chunk of writeExport(formatHeader('test', T0), records())) text += chunk;
    assert.equal(text.trimEnd().split('\n').length, 2);
    const earlier = JSON.stringify({ kind: 'opaque', ...opaqueKind.write(found) });
    const lines = async function* () {
      await Promise.resolve();
      yield [...text.trimEnd().split('\n'), earlier];
    };
    for await (const { records: read, refused } of readExport(lines()))
      assert.deepEqual([read.map(({ key }) => key), refused], [[other.key], []]);
    assert.throws(() => readRecord(writeRecord(state)), { name: 'RecordError' });
  });

  test('stays where it is, whatever comes', () => {
    const theirs = { ...state, value: Uint8Array.of(1, 0, 0), expiresAt: T0 + 9 * DAY };
    assert.equal(mergeRecords(state, theirs, T0), state);
  });
});
