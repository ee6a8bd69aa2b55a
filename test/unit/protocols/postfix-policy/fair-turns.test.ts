import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { postfixRequest } from '../../../support/policy-request-text.js';
import { openConnection, settle, testService } from './connection-rig.js';

describe('a peer that asks very much at once', () => {
  test('is heard in parts, between which others have their turns, and answered to the end', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let asked = 0;
    const { mta, taken, endings } = openConnection(
      testService(() => {
        asked++;
        return 'DUNNO';
      }),
    );
    mta.end(Buffer.concat(Array.from({ length: 50 }, () => postfixRequest())));
    for (const heard of [20, 40, 50]) {
      await settle();
      assert.equal(asked, heard);
      t.mock.timers.tick(3);
    }
    await settle();
    assert.equal(taken().length, 50);
    assert.deepEqual(endings, ['normal']);
  });
});
