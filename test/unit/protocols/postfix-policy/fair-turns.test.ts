import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { postfixRequest } from '../../../support/policy-request-text.js';
import { openConnection, settle, testService } from './connection-rig.js';

describe('a peer that asks very much at once', () => {
  test('leaves others their turn, and is answered to the end', async () => {
    let asked = 0;
    const { mta, taken, endings } = openConnection(
      testService(() => {
        asked++;
        return 'DUNNO';
      }),
    );
    let inFirstTurn = 0;
    setImmediate(() => (inFirstTurn = asked));
    mta.end(Buffer.concat(Array.from({ length: 50 }, () => postfixRequest())));
    await settle();
    assert.equal(inFirstTurn, 20);
    assert.equal(taken().length, 50);
    assert.deepEqual(endings, ['normal']);
  });
});
