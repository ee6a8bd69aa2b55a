import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UNTOLD, type LoggedDecision, type Voice } from '../../../src/reports/logged-decision.js';
import { OneVoice } from '../../../src/reports/one-voice.js';

const put: Omit<LoggedDecision, 'voice'> = {
  ...UNTOLD,
  at: 0,
  verdict: 'tempfail',
  would: 'tempfail',
  reason: 'greylist',
  client: '192.0.2.1',
  from: 'a@x.example',
  to: 'b@y.example',
};

function told(...said: readonly (readonly [voice: Voice, helo: string | undefined])[]) {
  const voice = new OneVoice();
  const kept = said.flatMap(([each, helo]) => voice.take({ ...put, voice: each, helo }));
  return [...kept, ...voice.end()].map((decision) => [decision.voice, decision.helo]);
}

describe('what Postfix and the greylister both say', () => {
  test("is the greylister's, with the HELO that Postfix alone has", () => {
    const kept = [['postgrey', 'mx.x.example']];
    assert.deepEqual(told(['postgrey', undefined], ['postfix', 'mx.x.example']), kept);
    assert.deepEqual(told(['postfix', 'mx.x.example'], ['postgrey', undefined]), kept);
  });

  test("is the greylister's HELO where it has one", () => {
    assert.deepEqual(told(['greymilter', 'one'], ['postfix', 'two']), [['greymilter', 'one']]);
    assert.deepEqual(told(['postfix', undefined], ['greymilter', 'one']), [['greymilter', 'one']]);
  });

  test('is not that of another mail', () => {
    assert.deepEqual(told(['postfix', 'one'], ['postfix', 'two'], ['postgrey', undefined]), [
      ['postfix', 'two'],
      ['postgrey', 'one'],
    ]);
  });
});
