import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decide, type Finding, type Mode } from '../../../src/greylist/decision.js';
import { emptyStatistics, retryClass } from '../../../src/greylist/statistics.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { countDecision } from '../../../src/telemetry/decision-statistics.js';
import { sampleAttempt } from './sample-decision.js';

const AT = Date.UTC(2030, 0, 1, 5, 7, 59);
const SETTINGS = { hasNames: true, delayMsOf: (rule: string | undefined) => (rule ? 9e5 : 3e5) };

function count(
  finding: Finding,
  more: { mode?: Mode; rule?: string; sender?: string; hasNames?: boolean } = {},
) {
  const { mode = 'enforce', rule, sender = 'a@b.example', hasNames = true } = more;
  const statistics = emptyStatistics();
  const attempt = sampleAttempt({ sender: parseEnvelopeAddress(sender) });
  const decision = decide(finding, { attempt, stage: 'rcpt', mode, rule, at: AT, tookUs: 1 });
  countDecision(statistics, decision, { ...SETTINGS, hasNames });
  return statistics;
}

const early = (attempts: number, waitMs: number | undefined = 60_000): Finding => ({
  verdict: 'tempfail',
  reason: 'greylist-early',
  waitMs,
  attempts,
});
const passed = (attempts: number | undefined, delayedMs: number | undefined): Finding => ({
  verdict: 'accept',
  reason: 'greylist-passed',
  delayedMs,
  attempts,
});

describe('a decision', () => {
  test('is counted by reason, what would be told and mode, in its minute', () => {
    const { decisions, minutes } = count(early(3), { mode: 'shadow' });
    assert.deepEqual([...decisions], [['greylist-early tempfail shadow', 1]]);
    assert.deepEqual([...minutes], [[7, [0, 1, 0, 0, 0, 0, 0]]]);
  });

  test('puts off a first attempt, or one that came too late', () => {
    for (const reason of ['greylist-new', 'greylist-expired'] as const) {
      const first = count({ verdict: 'tempfail', reason, waitMs: 1, attempts: 1 });
      assert.equal(first.firstAttempts, 1, reason);
      assert.equal(first.cameBack, 0);
    }
    const down = count({
      verdict: 'tempfail',
      reason: 'store-unavailable',
      waitMs: undefined,
      attempts: undefined,
    });
    assert.equal(down.firstAttempts, 0);
  });

  test('in learning mode tells nobody to come back', () => {
    const finding = {
      verdict: 'tempfail',
      reason: 'greylist-new',
      waitMs: 1,
      attempts: 1,
    } as const;
    assert.equal(count(finding, { mode: 'learn' }).firstAttempts, 0);
  });

  test('about a second attempt shows when it came, by what it still has to wait', () => {
    const second = count(early(2));
    assert.equal(second.cameBack, 1);
    assert.equal(second.retries[retryClass(240)], 1);
    assert.equal(count(early(2), { rule: 'x' }).retries[retryClass(840)], 1);
    assert.equal(count(early(3)).cameBack, 0);
    // A delay that has become shorter meanwhile.
    assert.equal(count(early(2, 400_000)).retries[0], 1);
    const unknown: Finding = {
      verdict: 'tempfail',
      reason: 'greylist-early',
      waitMs: undefined,
      attempts: 2,
    };
    assert.equal(count(unknown).retries[retryClass(300)], 1);
  });

  test('that lets pass what had to wait tells whose it was, and how long it took', () => {
    const second = count(passed(2, 600_000));
    assert.equal(second.cameBack, 1);
    assert.equal(second.retries[retryClass(600)], 1);
    assert.deepEqual(second.domains.entries(), [{ name: 'b.example', count: 1, weight: 600 }]);
    const third = count(passed(3, 600_000));
    assert.equal(third.cameBack, 0);
    assert.equal(third.domains.size, 1);
    assert.equal(count(passed(2, undefined)).retries[0], 1);
  });

  test('that lets pass what did not have to wait tells nothing', () => {
    assert.equal(count(passed(1, 0)).domains.size, 0);
    assert.equal(count(passed(undefined, 0)).domains.size, 0);
    const known = { ...passed(9, 0), reason: 'greylist-known' } as Finding;
    assert.equal(count(known).domains.size, 0);
    assert.equal(count({ verdict: 'reject', reason: 'rule', attempts: undefined }).domains.size, 0);
  });

  test('shows the null sender as it is written, and nobody where names are not wanted', () => {
    const [bounce] = count(passed(2, 1), { sender: '' }).domains.entries();
    assert.equal(bounce?.name, '<>');
    const nameless = count(passed(2, 1), { hasNames: false });
    assert.equal(nameless.domains.size, 0);
    assert.equal(nameless.cameBack, 1);
  });

  test('of one minute adds to the others', () => {
    const statistics = count(early(3));
    const attempt = sampleAttempt();
    const circumstances = {
      attempt,
      stage: 'rcpt',
      mode: 'enforce',
      rule: undefined,
      at: AT,
    } as const;
    countDecision(statistics, decide(early(3), { ...circumstances, tookUs: 1 }), SETTINGS);
    assert.deepEqual(statistics.minutes.get(7), [0, 2, 0, 0, 0, 0, 0]);
  });
});
