import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import { createTermsFinder } from '../../../../src/daemon/answers/terms.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import type { RuleSettings } from '../../../../src/rules/rule.js';

const values = {
  ...{ client: undefined, name: undefined, id: undefined, host: undefined },
  ...{ waitMs: 0, delayMs: 0, from: parseEnvelopeAddress('').text, to: '' },
};

/** What a rule with these settings says, without the packet around it. */
function replyOf(action: 'tempfail' | 'reject', settings: RuleSettings): string {
  const terms = createTermsFinder(createPolicy(parseConfig({}).config))(settings, false);
  const { bytes } = terms.milterReplies[action](values);
  return Buffer.from(bytes).subarray(5, -1).toString('latin1');
}

describe('a rule without a text of its own', () => {
  test('says what is usual', () => {
    assert.match(replyOf('tempfail', {}), /^451 4\.7\.1 /);
    assert.match(replyOf('reject', {}), /^550 5\.7\.1 /);
  });

  test('may have a code that would not fit the other action', () => {
    assert.match(replyOf('tempfail', { code: 450 }), /^450 4\.7\.1 /);
    assert.match(replyOf('reject', { code: 554 }), /^554 5\.7\.1 /);
    assert.match(replyOf('reject', { enhanced: '5.7.25' }), /^550 5\.7\.25 /);
  });
});
