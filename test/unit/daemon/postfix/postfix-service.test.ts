import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { PostfixAnswers } from '../../../../src/daemon/postfix/postfix-answers.js';
import { alsoAtData } from '../../../../src/daemon/postfix/postfix-message.js';
import { PostfixService } from '../../../../src/daemon/postfix/postfix-service.js';
import {
  encodeRequest,
  type PolicyRequest,
} from '../../../../src/protocols/postfix-policy/index.js';
import { defaultLimits } from '../../../../src/protocols/postfix-policy/limits.js';
import { RequestFramer } from '../../../../src/protocols/postfix-policy/request-framer.js';
import { RequestParser } from '../../../../src/protocols/postfix-policy/request-parser.js';
import { postfixAttributes } from '../../../support/postfix-attributes.js';
import { createFilterRig } from '../filter-rig.js';

function requestOf(told: Readonly<Record<string, string>>): PolicyRequest {
  const framer = new RequestFramer(defaultLimits.requestBytes);
  const attributes = { ...postfixAttributes, client_address: '203.0.113.7', ...told };
  framer.push(Buffer.from(encodeRequest(Object.entries(attributes)), 'latin1'));
  assert.ok(framer.next());
  return new RequestParser().parse(framer, defaultLimits);
}

/** A service on a store that takes writes, and never says that they are committed. */
function rig(t: TestContext) {
  const { policy, dependencies, store, logger, clock } = createFilterRig(t);
  store.onSet = () => new Promise(() => undefined);
  const answers = new PostfixAnswers(policy, dependencies);
  const service = new PostfixService(answers, { logger, clock, nextSessionId: () => 's1' });
  const decided = () =>
    logger.decisions.map(({ reason, stage, attempt }) => [stage, reason, attempt.recipient.text]);
  return { service, logger, decided, visit: service.open() };
}

const mail = { sender: 'alice@client.example', recipient: 'bob@example.org' };

describe('an answer that is late', () => {
  test('is one about the message that is over with it', async (t) => {
    const { service, logger, decided, visit } = rig(t);
    // The null sender is held until the recipients are all there.
    const message = { instance: '1a2b.1.1.0', sender: '', policy_context: alsoAtData };
    const rcpt = requestOf({ ...mail, ...message, protocol_state: 'RCPT' });
    assert.equal(await service.answer(rcpt, visit), 'DUNNO');
    const end = requestOf({ ...message, protocol_state: 'END-OF-MESSAGE' });
    void service.answer(end, visit);
    await turn();
    assert.equal(service.late(end, visit), 'DUNNO');
    logger.take('no answer within limits.answer');
    assert.deepEqual(decided(), [['eom', 'store-unavailable', 'bob@example.org']]);
  });

  test('is one about the message also where whoever asks gives it no name', async (t) => {
    const { service, logger, decided, visit } = rig(t);
    const request = requestOf({ ...mail, instance: '', protocol_state: 'RCPT' });
    void service.answer(request, visit);
    await turn();
    assert.equal(service.late(request, visit), 'DUNNO');
    logger.take('no answer within limits.answer');
    assert.deepEqual(decided(), [['rcpt', 'store-unavailable', 'bob@example.org']]);
  });
});
