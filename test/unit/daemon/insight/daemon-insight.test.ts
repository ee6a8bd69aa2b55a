import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';

import { parseConfig } from '../../../../src/config/load.js';
import { DaemonInsight } from '../../../../src/daemon/insight/daemon-insight.js';
import { DecisionTap } from '../../../../src/daemon/insight/decision-tap.js';
import { ForgottenTriplets } from '../../../../src/daemon/stores/forgotten-triplets.js';
import { noRules } from '../../../../src/daemon/configuration/rule-set.js';
import { decide } from '../../../../src/greylist/decision.js';
import { hourOf } from '../../../../src/greylist/statistics-record.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';
import { createAttempt, createRule } from '../../../support/rule-parts.js';

test('a decision is counted once, by hour, by minute and by rule', async (t) => {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const logger = createRecordingLogger(t);
  const { config } = parseConfig({});
  const program = { ...noRules.program, rules: [createRule({ name: 'ours' })] };
  const daemon = { config, ruleSet: { ...noRules, program } };
  const insight = new DaemonInsight({
    ...{ store, clock, logger, daemon: () => daemon },
    counts: { forgotten: new ForgottenTriplets(logger) },
  });
  const tap = new DecisionTap(logger);
  tap.listen((decision) => insight.count(decision));
  const found = { verdict: 'tempfail', reason: 'greylist-new', waitMs: 1, attempts: 1 } as const;
  tap.decision(
    decide(found, {
      ...{ attempt: createAttempt(), stage: 'rcpt', mode: 'enforce', rule: 'ours' },
      ...{ at: clock.now(), tookUs: 1 },
    }),
  );
  await turnOfLoop();
  const [statistics, ...others] = insight.unwritten(hourOf(clock.now()));
  assert.ok(statistics);
  assert.deepEqual(others, []);
  assert.deepEqual([...statistics.decisions], [['greylist-new tempfail enforce', 1]]);
  const inMinutes = [...statistics.minutes.values()].flat().reduce((sum, band) => sum + band, 0);
  assert.deepEqual([statistics.firstAttempts, inMinutes], [1, 1]);
  assert.deepEqual(
    insight.rules().map(({ name, hits }) => [name, hits]),
    [['ours', 1]],
  );
  await insight.stop(60_000);
});
