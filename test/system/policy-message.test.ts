import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTestDaemon } from '../support/daemon-harness.js';
import { waitUntil } from '../support/wait-until.js';

function later(seconds: number): string {
  return `DEFER_IF_PERMIT 4.2.0 Greylisted, please try again in ${seconds} seconds`;
}

const atEnd = { protocol_state: 'END-OF-MESSAGE', recipient_count: '1' };

async function recordsIn(file: string, count: number): Promise<readonly string[]> {
  const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  await waitUntil(() => lines().length >= count, 'records');
  return lines();
}

describe('message-rules over the policy protocol', () => {
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

describe('records of activity over the policy protocol', () => {
  test('are written of who passes as well, at once, since no end of the message may be shown', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const file = join(daemon.directory, 'activity');
    const text = `rules:
  - {name: no, when: {recipient: no@}, then: reject}
  - {name: yes, when: {recipient: yes@}, then: accept}
message-rules:
  - {name: huge, when: {size: {over: 5KiB}}, then: reject}
activity: {to: 'append:${file}', format: "{verdict} {recipient} {rule} {code}\\n"}
`;
    await daemon.reload({ text });
    const postfix = daemon.askAsPostfix();
    await postfix.rcpt({ recipient: 'no@example.org' });
    await postfix.rcpt({ recipient: 'new@example.org' });
    const instance = postfix.nextInstance();
    await postfix.rcpt({ instance, recipient: 'yes@example.org' });
    await postfix.rcpt({ ...atEnd, instance, size: '9000' });
    daemon.clock.advance(5 * 60_000);
    await postfix.rcpt({ recipient: 'new@example.org' });
    await daemon.reload({ text: '' });
    assert.deepEqual(await recordsIn(file, 5), [
      'reject no@example.org no 550',
      'tempfail new@example.org  451',
      'accept yes@example.org yes ',
      'reject yes@example.org huge 550',
      'accept new@example.org  ',
    ]);
  });

  test('are written of messages that are greylisted at their end', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const file = join(daemon.directory, 'activity');
    const text = `rules: [{name: all, then: accept}]
message-rules: [{name: big, when: {size: {over: 1KiB}}, then: greylist}]
activity: {to: 'append:${file}', format: "{verdict} {recipient} {rule}\\n"}
`;
    await daemon.reload({ text });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    await postfix.rcpt({ instance });
    await postfix.rcpt({ ...atEnd, instance, size: '9000' });
    await daemon.reload({ text: '' });
    assert.deepEqual(await recordsIn(file, 2), [
      'accept bob@example.org all',
      'tempfail bob@example.org big',
    ]);
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
