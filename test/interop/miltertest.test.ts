import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { runMiltertest, skipWithoutMiltertest } from '../support/miltertest.js';

const overrides = ['trusted=[]'];

/** The scripts, and what the filter is to have decided after each. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  'life.lua': [
    'tempfail greylist-new <user1@local.test>',
    'tempfail greylist-early <user1@local.test>',
    'accept greylist-passed <user1@local.test>',
    'accept greylist-known <user1@local.test>',
    'tempfail greylist-new <user1@local.test>',
  ],
  'null-sender.lua': [
    'tempfail greylist-new <user2@local.test>',
    'tempfail greylist-new <user2@local.test>',
    'accept greylist-passed <user2@local.test>',
  ],
  'recipients.lua': [
    'tempfail greylist-new <user3@local.test>',
    'accept greylist-passed <user3@local.test>',
    'tempfail greylist-new <user4@local.test>',
    'accept greylist-known <user3@local.test>',
    'tempfail greylist-new <user5@local.test>',
    'accept greylist-passed <user4@local.test>',
    'accept greylist-passed <user5@local.test>',
  ],
  'negotiation.lua': [
    'tempfail greylist-new <user6@local.test>',
    'accept local <user6@local.test>',
  ],
  'protocol-2.lua': [
    'tempfail greylist-new <user7@local.test>',
    'tempfail greylist-new <user7@local.test>',
    'tempfail greylist-early <user7@local.test>',
    'accept greylist-passed <user7@local.test>',
    'accept greylist-passed <user7@local.test>',
  ],
};

const listeners = { 'a Unix socket': [], TCP: ['inet:0@127.0.0.1'] } as const;

describe('miltertest', { skip: skipWithoutMiltertest() }, () => {
  for (const [transport, listen] of Object.entries(listeners)) {
    for (const [script, decisions] of Object.entries(scripts)) {
      test(`over ${transport}: ${script}`, async (t) => {
        const options = listen.length === 0 ? { overrides } : { overrides, listen };
        const daemon = await startTestDaemon(t, options);
        await run(daemon, script);
        assert.deepEqual(daemon.takeDecisions(), decisions);
      });
    }
  }

  test('a script that is answered otherwise fails, and says where', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['trusted=["203.0.113.0/24"]'] });
    await assert.rejects(
      run(daemon, 'life.lua'),
      /rcpt <user1@local\.test>: continue instead of replycode[^]*life\.lua:9: in main/,
    );
  });
});

function run({ addresses, clock }: TestDaemon, script: string): Promise<void> {
  return runMiltertest(script, {
    address: addresses[0] ?? '',
    passTime: (seconds) => {
      clock.advance(seconds * 1000);
    },
  });
}
