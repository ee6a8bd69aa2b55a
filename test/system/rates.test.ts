import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon } from '../support/daemon-harness.js';
import { openSession, sendMail } from './smtp-session.js';

const exempt = 'postmaster@example.org';

/** An exception for one recipient, and a rate for all others. */
const text = (count: string): string => `rules:
  - {when: {recipient: ${exempt}}, then: accept}
  - {when: {rate: {over: 1, in: 1h, count: ${count}}}, then: reject}
  - {then: accept}
`;

describe('a rate of the rules counts whom an exception has preceded', () => {
  test('messages, each once', async (t) => {
    const daemon = await startTestDaemon(t, { text: text('messages') });
    const peer = await daemon.connect();
    await openSession(peer);
    const to = [exempt, 'a@example.org', 'b@example.org'];
    await sendMail(peer, { to });
    assert.equal(daemon.takeDecisions().filter((told) => told.startsWith('accept')).length, 3);
    await sendMail(peer, { to });
    assert.deepEqual(
      daemon.takeDecisions().map((told) => told.split(' ')[0]),
      ['accept', 'reject', 'reject'],
    );
  });

  test('sessions, each once', async (t) => {
    const daemon = await startTestDaemon(t, { text: text('sessions') });
    for (const expected of ['accept', 'reject']) {
      const peer = await daemon.connect();
      await openSession(peer);
      await sendMail(peer, { to: [exempt] });
      await sendMail(peer, { to: ['a@example.org'] });
      await sendMail(peer, { to: ['a@example.org'] });
      await peer.quit();
      const [first, ...others] = daemon.takeDecisions().map((told) => told.split(' ')[0]);
      assert.deepEqual([first, others], ['accept', [expected, expected]]);
    }
  });
});
