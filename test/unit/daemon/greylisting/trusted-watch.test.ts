import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TrustedWatch } from '../../../../src/daemon/greylisting/trusted-watch.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';
import { createAttempt } from '../../../support/rule-parts.js';

const message = /^nearly all mail comes from one trusted address/;

describe('a watch on trusted addresses', () => {
  for (const [what, share, client, reason, warnings] of [
    ['nearly all from one', 0.96, '10.0.0.1', 'trusted', 1],
    ['most from one', 0.9, '10.0.0.1', 'trusted', 0],
    ['nearly all from one that is not trusted', 0.96, '203.0.113.1', 'greylist-known', 0],
  ] as const) {
    test(`${what}: ${warnings === 1 ? 'warns once' : 'says nothing'}`, (t) => {
      const logger = createRecordingLogger(t);
      const watch = new TrustedWatch(logger);
      for (let i = 0; i < 5000; i++) {
        const isOne = (i % 100) / 100 < share;
        const clientAddress = parseIpAddress(isOne ? client : `203.0.113.${100 + (i % 100)}`);
        watch.see({
          reason: isOne ? reason : 'greylist-new',
          attempt: createAttempt({ clientAddress }),
        });
      }
      const warned = logger.entries.filter((entry) => message.test(entry.message));
      assert.equal(warned.length, warnings);
      for (const entry of warned) {
        assert.equal(entry.fields['client'], client);
        logger.take(entry.message);
      }
    });
  }

  test('many trusted addresses are nothing odd', (t) => {
    const watch = new TrustedWatch(createRecordingLogger(t));
    for (let i = 0; i < 3000; i++) {
      const clientAddress = parseIpAddress(`10.0.0.${i % 50}`);
      watch.see({ reason: 'trusted', attempt: createAttempt({ clientAddress }) });
    }
  });
});
