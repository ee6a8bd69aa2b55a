import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactionText } from '../../../../src/cli/records/compact.js';

test('says what a compaction has gained, or that there was nothing to be gained', () => {
  assert.equal(
    compactionText({ bytesBefore: 3_145_728, bytesAfter: 1024 }),
    'The store is compacted: 3.0 MiB before, 1.0 KiB now',
  );
  // The files of a store with three records.
  assert.equal(
    compactionText({ bytesBefore: 2765, bytesAfter: 19_456 }),
    'The store is compacted: there was nothing to be gained, its files take 19.0 KiB',
  );
});
