import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak, type Sample } from '../../scripts/soaking/soak.js';
import { SoakedFilter } from '../../scripts/soaking/soaked-filter.js';
import { createTempDirectory } from '../support/temp-directory.js';

/** The first ones load code, open files and fill what is remembered. */
const warmUp = 3;
const samples = 8;

/** What the filter keeps for so many more sessions, by far: records in memory, and the log. */
const mostBytes = 6_000_000;

test('mixed traffic with reloads and backups leaves no descriptors behind, and no memory', async (t) => {
  const filter = await SoakedFilter.start(t, createTempDirectory(t));
  let count = 0;
  const all = await soak(filter, {
    ...{ seed: 1, roundsPerSample: 5, samplesPerReload: 2, samplesPerBackup: 4 },
    onSample: () => ++count < samples,
  });
  const [early, late] = [all[warmUp], all.at(-1)];
  assert.ok(early !== undefined && late !== undefined);
  const tell = (sample: Sample): string => JSON.stringify(sample);
  assert.ok(late.reloads >= 3 && late.backups >= 1, tell(late));
  // A leak of one for each session would come to hundreds; files of the store come and go.
  assert.ok(late.descriptors <= early.descriptors + 15, `${tell(early)} ${tell(late)}`);
  assert.ok(late.heapBytes - early.heapBytes < mostBytes, `${tell(early)} ${tell(late)}`);
  assert.equal(await filter.stop(), 0);
});
