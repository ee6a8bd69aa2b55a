import assert from 'node:assert/strict';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import {
  decodeFoundPopulation,
  decodePopulationState,
  isPopulationKey,
} from '../../../src/greylist/population-record.js';
import { outlineRecord, readRecord, writeRecord } from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import { RecordTally } from '../../../src/migrate/record-tally.js';
import type { StoredRecord } from '../../../src/migrate/stored-record.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { sampleRecords } from '../sample-records.js';

const now = 1_795_900_000_000;
/** What no key has: it parts keys from values. */
const mark = Buffer.of(0xff);

/**
 * What a disk may make of records: whatever the bytes are, the record can be shown, counted, exported and
 * merged, and nothing of it is lost on the way.
 */
export const storedRecords: FuzzTarget = {
  name: 'stored-records',
  seeds: () =>
    sampleRecords(now).map(({ key, value }) => Buffer.concat([Buffer.from(key), mark, value])),
  words: ['\0', '\x01', '\x02', '\x7f', '[1,[', 'null', '"spf"', '192.0.2.0/24', '{', '@a.example'],
  maxBytes: 2000,
  run: (input) => {
    const at = input.indexOf(mark);
    if (at <= 0) return;
    const key = input.toString('utf8', 0, at);
    const record: StoredRecord = { key, value: input.subarray(at + 1), expiresAt: now + 1000 };
    const tally = new RecordTally();
    tally.add(outlineRecord(record), now);
    if (isPopulationKey(key)) {
      // It is in no export.
      mayRefuse(() => decodePopulationState(record.value));
      mayRefuse(() => decodeFoundPopulation(record.value));
      return;
    }
    const fields = writeRecord(record);
    const text = JSON.stringify(fields);
    const again = readRecord(asObject(JSON.parse(text)));
    assert.equal(JSON.stringify(writeRecord(again)), text, 'what is exported is imported');
    assert.equal(again.key, key);
    for (const other of sampleRecords(now)) {
      mergeRecords({ ...other, key }, record, now);
      mergeRecords(record, { ...other, key }, now);
    }
    const merged = mergeRecords(record, again, now);
    assert.equal(mergeRecords(merged, again, now), merged, 'once more changes nothing');
  },
};

function mayRefuse(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof CorrespondenceFormatError)) throw error;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}
