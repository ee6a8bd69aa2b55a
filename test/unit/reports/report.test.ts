import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Durations } from '../../../src/reports/durations.js';
import { GroupTally } from '../../../src/reports/group-counts.js';
import { ReportBuilder } from '../../../src/reports/report.js';
import { isStoryKey, STORY_KEYS, type StoryKey } from '../../../src/reports/story-keys.js';
import { OpenStory } from '../../../src/reports/story.js';
import { logged, passed } from '../../support/logged.js';

const DAY = 86_400;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

describe('durations', () => {
  test('have exact quantiles', () => {
    const durations = new Durations();
    assert.equal(durations.quantile(0.5), undefined);
    for (let seconds = 100; seconds > 0; seconds--) durations.add(seconds * 1000 + 999);
    const quantiles = [0, 0.5, 0.95, 1].map((share) => durations.quantile(share));
    assert.deepEqual(quantiles, [1, 50, 95, 100]);
    assert.deepEqual([durations.count, durations.totalS, durations.below(11)], [100, 5050, 10]);
    assert.deepEqual(durations.sorted()[0], [1, 1]);
  });
});

describe('groups', () => {
  test('are the biggest, and it is said how big those may be that are missing', () => {
    const tally = new GroupTally(10);
    const story = new OpenStory(logged(0), true).end(true);
    const names = ['big', 'big', 'big', 'mid', 'mid'].concat(
      Array.from({ length: 30 }, (_, index) => `n${index}`),
    );
    for (const name of names) tally.add(name, story);
    const { groups, mayMiss } = tally.top(2);
    assert.deepEqual(
      groups.map(({ key, first, never }) => [key, first, never]),
      [
        ['big', 3, 3],
        ['mid', 2, 2],
      ],
    );
    assert.equal(mayMiss, 1);
  });

  test('that are equally big are in the order of their names', () => {
    const tally = new GroupTally();
    const story = new OpenStory(logged(0), true).pass(logged(9).at);
    for (const name of ['b', 'a', 'c']) tally.add(name, story);
    assert.deepEqual(
      tally.top(9, 'waitedS').groups.map(({ key, waitedS }) => [key, waitedS]),
      [
        ['a', 9],
        ['b', 9],
        ['c', 9],
      ],
    );
  });
});

describe('a report', () => {
  test('counts decisions and what came of first attempts, by day', () => {
    const told: string[] = [];
    const onStory = ({ ending }: { ending: string }): void => void told.push(ending);
    const builder = new ReportBuilder({ keys: ['sender'], dayOf, onStory });
    const bot = { from: 'bot@bot.example', client: '203.0.113.9' };
    for (const decision of [
      logged(0),
      logged(60, { reason: 'greylist-early' }),
      passed(300),
      passed(400, { reason: 'trusted', client: '10.0.0.1' }),
      logged(500, bot),
      logged(600, { verdict: 'reject', reason: 'rule', client: '203.0.113.10' }),
      logged(700, { mode: 'learn', verdict: 'accept', would: 'tempfail' }),
      logged(800, { mode: 'shadow', verdict: 'accept', would: 'tempfail' }),
      logged(3 * DAY, { from: '' }),
    ]) {
      builder.add(decision);
    }
    const report = builder.finish();
    assert.deepEqual(report.total, {
      ...{ decisions: 9, putOff: 4, passed: 3, refused: 1, first: 3 },
      ...{ returned: 1, elsewhere: 0, never: 1, open: 1, waitedS: 300 },
    });
    assert.deepEqual(
      report.days.map(({ day, decisions, first }) => [day, decisions, first]),
      [
        ['2026-11-20', 8, 2],
        ['2026-11-23', 1, 1],
      ],
    );
    assert.deepEqual([report.from, report.to], [logged(0).at, logged(3 * DAY).at]);
    assert.deepEqual([report.learnt, report.shadowed, report.givenUp], [1, 1, 0]);
    assert.deepEqual(report.reasons[0], ['greylist-new', 5]);
    assert.deepEqual(told, ['returned', 'never', 'open']);
    assert.equal(report.waits.quantile(0.5), 300);
    const senders = report.tallies
      .get('sender')
      ?.top(10)
      .groups.map(({ key }) => key);
    assert.deepEqual(senders, ['<>', 'bot@bot.example', 'joe@sender.example']);
  });

  test('of nothing is empty', () => {
    const report = new ReportBuilder({ keys: [], dayOf }).finish();
    assert.deepEqual([report.from, report.to, report.days], [undefined, undefined, []]);
  });

  test('keeps no more days than there can be', () => {
    let day = 0;
    const builder = new ReportBuilder({ keys: [], dayOf: () => String(day++) });
    for (let seconds = 0; seconds < 5000; seconds++) builder.add(passed(seconds));
    const { days, total } = builder.finish();
    assert.deepEqual([days.length, total.decisions], [4000, 5000]);
  });

  const full = logged(0, { helo: 'Helo.Example', rule: 'r', name: 'MX1.sender.co.uk' });
  const bare = logged(0, { from: '', to: 'postmaster', name: undefined, client: undefined });
  const expected: Readonly<Record<StoryKey, readonly [string, string]>> = {
    client: ['192.0.2.1', '-'],
    network: ['192.0.2.0/24', '-'],
    name: ['mx1.sender.co.uk', '-'],
    'client-domain': ['sender.co.uk', '-'],
    helo: ['helo.example', '-'],
    sender: ['joe@sender.example', '<>'],
    'sender-domain': ['sender.example', '<>'],
    recipient: ['ann@local.example', 'postmaster'],
    'recipient-domain': ['local.example', '-'],
    rule: ['r', '-'],
  };
  for (const key of STORY_KEYS.filter(isStoryKey)) {
    test(`counts by ${key}`, () => {
      const [ofFull, ofBare] = expected[key];
      for (const [decision, group] of [
        [full, ofFull],
        [bare, ofBare],
      ] as const) {
        const builder = new ReportBuilder({ keys: [key], dayOf });
        builder.add(decision);
        assert.equal(builder.finish().tallies.get(key)?.top(1).groups[0]?.key, group);
      }
    });
  }

  test('takes a client whose name has no registered domain as it is', () => {
    const builder = new ReportBuilder({ keys: ['client-domain'], dayOf });
    builder.add(logged(0, { name: 'Localhost' }));
    const groups = builder.finish().tallies.get('client-domain')?.top(1).groups;
    assert.equal(groups?.[0]?.key, 'localhost');
    assert.ok(!isStoryKey('colour'));
  });
});
