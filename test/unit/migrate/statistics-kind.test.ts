import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { outlineRecord, readRecord, writeRecord } from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import {
  encodeStatistics,
  hourOf,
  statisticsKey,
} from '../../../src/greylist/statistics-record.js';
import { emptyStatistics } from '../../../src/greylist/statistics.js';

const NOW = Date.UTC(2030, 0, 1);

function record(decisions: number) {
  const statistics = emptyStatistics();
  statistics.decisions.set('trusted accept enforce', decisions);
  const value = encodeStatistics(statistics);
  return { key: statisticsKey(hourOf(NOW)), value, expiresAt: NOW + 86_400_000 };
}

describe('statistics in an export', () => {
  test('are read as they are written', () => {
    const stored = record(5);
    const fields = writeRecord(stored);
    assert.equal(fields['kind'], 'statistics');
    assert.equal(fields['from'], '2030-01-01T00:00:00.000Z');
    assert.deepEqual(readRecord(fields), { ...stored, value: stored.value });
    const outline = outlineRecord(stored);
    assert.equal(outline.kind, 'statistics');
    assert.deepEqual(outline.clients(NOW), []);
  });

  test('of an hour that is there already are not counted twice', () => {
    const [few, many] = [record(2), record(7)];
    assert.equal(mergeRecords(few, many, NOW), many);
    assert.equal(mergeRecords(many, few, NOW), many);
    const damaged = { ...few, value: Buffer.from('x') };
    assert.equal(mergeRecords(damaged, few, NOW), few);
  });

  test('that nobody can read are opaque, or no record', () => {
    assert.equal(writeRecord({ ...record(1), value: Buffer.from('x') })['kind'], 'opaque');
    const late = { ...record(1), key: statisticsKey(9_999_999_999) };
    assert.equal(writeRecord(late)['kind'], 'opaque');
    const { retries, ...fields } = writeRecord(record(1));
    assert.ok(retries);
    assert.throws(() => readRecord(fields), { name: 'RecordError' });
  });
});
