import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { letters, openConnection, recordingFilter, settle } from './filter-harness.js';
import { C, O, U } from './session-dialogues.js';

describe('turns of a connection', () => {
  test('an MTA that says very much at once leaves others their turn', async () => {
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    const before = calls.length;
    let inFirstTurn = 0;
    setImmediate(() => (inFirstTurn = calls.length - before));
    harness.mta.write(Buffer.concat(Array.from({ length: 250 }, () => U)));
    await settle();
    assert.equal(inFirstTurn, 100);
    assert.equal(calls.length - before, 250);
    assert.equal(letters(harness), 'c'.repeat(250));
  });

  test('what was said before the end is heard to the end', async () => {
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    const many = Buffer.concat(Array.from({ length: 250 }, () => U));
    harness.mta.write(many);
    // This and the end wait in the stream, which tells of both at once.
    harness.mta.end(many);
    await settle();
    await settle();
    assert.equal(calls.filter((call) => call.startsWith('unknown')).length, 500);
    assert.deepEqual(harness.endings, ['normal']);
  });
});
