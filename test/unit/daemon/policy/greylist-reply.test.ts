import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createGreylistReply } from '../../../../src/daemon/policy/greylist-reply.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import type { ReplyValues } from '../../../../src/greylist/reply-template.js';

const values: ReplyValues = {
  waitMs: 180_000,
  delayMs: 180_000,
  client: '192.0.2.1',
  name: undefined,
  from: '',
  to: 'bob@example.org',
  id: 'q1',
  host: undefined,
};

function replyFor(...overrides: readonly string[]): ReturnType<typeof createGreylistReply> {
  return createGreylistReply(createPolicy(parseConfig({ overrides }).config).reply);
}

describe('the reply to who has to wait', () => {
  test('is one packet with the codes and the text that are set', () => {
    const reply = replyFor(
      'greylist.reply={milter: {code: 450, enhanced: 4.2.0}, text: "{wait}s"}',
    );
    const { kind, bytes } = reply(values);
    assert.equal(kind, 'replycode');
    assert.equal(bytes.toString('latin1'), '\0\0\0\x10y450 4.2.0 180s\0');
  });

  test('is encoded once for each text', () => {
    const reply = replyFor('greylist.reply.text="{wait}"');
    const first = reply(values);
    assert.equal(reply({ ...values, to: 'carol@example.org' }), first);
    assert.notEqual(reply({ ...values, waitMs: 1000 }), first);
    assert.equal(reply(values), first);
  });

  test('is right however many waits and recipients there were', () => {
    const waiting = replyFor('greylist.reply.text="{wait}"');
    const named = replyFor('greylist.reply.text="{to}"');
    for (let seconds = 1; seconds <= 3000; seconds++) {
      const { bytes } = waiting({ ...values, waitMs: seconds * 1000 });
      assert.ok(bytes.toString('latin1').endsWith(`4.7.1 ${seconds}\0`));
      const to = `user${seconds}@example.org`;
      assert.ok(
        named({ ...values, to })
          .bytes.toString('latin1')
          .endsWith(`4.7.1 ${to}\0`),
      );
    }
  });
});
