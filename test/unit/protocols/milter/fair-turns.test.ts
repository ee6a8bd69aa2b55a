import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { letters, openConnection, recordingFilter, settle } from './filter-harness.js';
import { C, O, U } from './session-dialogues.js';

const restMs = 3;

describe('turns of a connection', () => {
  test('an MTA that says very much at once is heard in parts, and others have their turns between', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    const before = calls.length;
    harness.mta.write(Buffer.concat(Array.from({ length: 250 }, () => U)));
    for (const heard of [100, 200, 250]) {
      // However many turns the others have.
      await settle();
      await settle();
      assert.equal(calls.length - before, heard);
      t.mock.timers.tick(restMs);
    }
    assert.equal(letters(harness), 'c'.repeat(250));
  });

  test('what was said before the end is heard to the end', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    const many = Buffer.concat(Array.from({ length: 250 }, () => U));
    harness.mta.write(many);
    // This and the end wait in the stream, which tells of both at once.
    harness.mta.end(many);
    for (let part = 0; part < 6; part++) {
      await settle();
      t.mock.timers.tick(restMs);
    }
    await settle();
    assert.equal(calls.filter((call) => call.startsWith('unknown')).length, 500);
    assert.deepEqual(harness.endings, ['normal']);
  });

  test('an MTA that hangs up while it is not read is forgotten', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    harness.mta.write(Buffer.concat(Array.from({ length: 250 }, () => U)));
    await settle();
    harness.socket.destroy();
    await settle();
    t.mock.timers.tick(restMs);
    await settle();
    assert.deepEqual(harness.endings, ['normal']);
  });
});
