import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon } from '../support/daemon-harness.js';

function later(seconds: number): string {
  return `DEFER_IF_PERMIT 4.2.0 Greylisted, please try again in ${seconds} seconds`;
}

describe('message-rules over the policy protocol', () => {
  const atEnd = { protocol_state: 'END-OF-MESSAGE', recipient_count: '1' };

  test('are asked at the end of the message, as far as it is shown', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: `rules: [{then: accept}]
message-rules:
  - {when: {size: {over: 4KiB}}, then: quarantine, name: huge}
  - {when: {size: {over: 3KiB}}, then: discard}
  - {when: {size: {over: 2KiB}}, then: reject, text: Too long}
`,
    });
    const postfix = daemon.askAsPostfix();
    for (const [size, expected] of [
      ['5000', 'HOLD huge'],
      ['4000', 'DISCARD'],
      ['3000', 'REJECT 5.7.1 Too long'],
      ['1000', 'DUNNO'],
    ] as const) {
      const instance = postfix.nextInstance();
      assert.equal(await postfix.rcpt({ instance }), 'DUNNO');
      assert.equal(await postfix.rcpt({ ...atEnd, instance, size }), expected);
    }
  });

  test('are left out if one of them asks for a header, which Postfix does not show', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: `rules: [{then: accept}]
message-rules: [{unless: {header: {name: X-Good}}, then: reject}]
`,
    });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    await postfix.rcpt({ instance });
    assert.equal(await postfix.rcpt({ ...atEnd, instance }), 'DUNNO');
  });
});

describe('a reload and the policy service', () => {
  test('a message keeps the configuration that it began with', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    await postfix.rcpt({ instance });
    await daemon.reload({ overrides: ['greylist.delay=60s'] });
    assert.equal(await postfix.rcpt({ instance, recipient: 'carol@example.org' }), later(180));
    assert.equal(await postfix.rcpt({ recipient: 'dave@example.org' }), later(60));
  });
});
