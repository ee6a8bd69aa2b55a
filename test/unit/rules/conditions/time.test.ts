import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { timeCondition } from '../../../../src/rules/conditions/time.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

describe('the condition time', () => {
  // A Saturday.
  for (const [written, now, truth, note] of [
    ['09:00-17:00', '2026-11-21T12:00Z', 'yes', 'sat 12:00 UTC: in 09:00-17:00 (rules.yaml 0)'],
    [['mon-fri', 'sat 22:00-06:00'], '2026-11-21T21:59Z', 'no', 'sat 21:59 UTC: in no window'],
    [
      ['mon-fri', 'sat 22:00-06:00'],
      '2026-11-22T05:59Z',
      'yes',
      'sun 05:59 UTC: in sat 22:00-06:00 (rules.yaml 1)',
    ],
    [
      { within: 'sun', zone: 'Asia/Tokyo' },
      '2026-11-21T15:00Z',
      'yes',
      'sun 00:00 Asia/Tokyo: in sun (rules.yaml within.0)',
    ],
    [
      { cron: '*/5 8-16/2 1,21 * 6' },
      '2026-11-21T12:10Z',
      'yes',
      'sat 12:10 UTC: in */5 8-16/2 1,21 * 6 (rules.yaml cron.0)',
    ],
    [
      { within: 'sun', cron: ['0 0 1 1 *', '* * * * 1-5'] },
      '2026-11-21T12:10Z',
      'no',
      'sat 12:10 UTC: in no window',
    ],
    [
      { within: ['sat'] },
      '2026-11-21T15:00Z',
      'yes',
      'sat 15:00 UTC: in sat (rules.yaml within.0)',
    ],
  ] as const)
    test(`${JSON.stringify(written)}: ${note}`, async () => {
      const evaluation = createEvaluation(createFacts({ now: Date.parse(now) }));
      const condition = compileWritten(timeCondition, written);
      assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
    });

  test("goes by the system's time zone where none is named", async () => {
    const evaluation = createEvaluation(createFacts({ now: Date.parse('2026-11-21T08:30Z') }));
    const context = { timeZone: () => 'Europe/Berlin' };
    const condition = compileWritten(timeCondition, '09:00-10:00', { context });
    assert.equal((await ask(condition, evaluation)).truth, 'yes');
  });

  for (const [written, issue] of [
    ['9 to 5', ': is not a time'],
    [['mon', '25:00-26:00'], '1: has "25:00-26:00" for hours'],
    [{ within: 'mon', zone: 'Berlin' }, 'zone: is not a time zone'],
    [{ zone: 'UTC' }, ': names no time'],
    [{ cron: '* * * *' }, 'cron: has 4 fields, and not five'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(timeCondition, written), [issue]);
    });
});
