import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoggedDecision } from '../../../src/reports/logged-decision.js';
import { networkText, StoryJoiner, type StorySettings } from '../../../src/reports/stories.js';
import { MAX_RETRIES } from '../../../src/reports/story.js';
import { logged, passed } from '../../support/logged.js';

const DAY = 86_400;
const windowed: StorySettings = { windowMs: 2 * DAY * 1000, maxOpen: 100 };

function tell(decisions: readonly LoggedDecision[], settings = windowed) {
  const joiner = new StoryJoiner(settings);
  const stories = decisions.flatMap((decision) => joiner.take(decision)).concat([...joiner.end()]);
  return { stories, joiner };
}

function endings(decisions: readonly LoggedDecision[]): readonly string[] {
  return tell(decisions).stories.map(({ ending, passedAfter }) =>
    passedAfter === undefined ? ending : `${ending} ${passedAfter / 1000}`,
  );
}

const early = { reason: 'greylist-early' } as const;
const other = { from: 'sue@other.example' };

describe('what came of a first attempt', () => {
  for (const [name, decisions, expected] of [
    ['it came back', [logged(0), logged(60, early), passed(300)], ['returned 300']],
    ['from its network', [logged(0), passed(300, { client: '192.0.2.200' })], ['returned 300']],
    ['it let pass otherwise', [logged(0), passed(9, { reason: 'rule' })], ['returned 9']],
    ['it never came', [logged(0), logged(2 * DAY, other)], ['never', 'open']],
    ['too early to say', [logged(0), logged(DAY, other)], ['open', 'open']],
    ['too late', [logged(0), passed(3 * DAY)], ['never']],
    [
      'from another network',
      [logged(0), passed(300, { client: '198.51.100.1' }), logged(2 * DAY, other)],
      ['elsewhere 300', 'open'],
    ],
    [
      'of nobody, elsewhere',
      [logged(0, { from: '' }), passed(300, { from: '', client: '198.51.100.1' })],
      ['open'],
    ],
    ['refused', [logged(0), logged(9, { verdict: 'reject', reason: 'rule' })], ['open']],
    ['put off by a rule', [logged(0, { reason: 'rule' })], []],
    ['nobody was put off', [passed(0)], []],
    ['in another case', [logged(0), passed(9, { from: 'JOE@sender.example' })], ['returned 9']],
    ['in shadow mode', [logged(0, { verdict: 'accept', would: 'tempfail', mode: 'shadow' })], []],
    [
      'shadow mode began',
      [logged(0), logged(9, { verdict: 'accept', would: 'tempfail', mode: 'shadow' }), passed(20)],
      ['open'],
    ],
    [
      'an old one behind a younger',
      [logged(3 * DAY, other), logged(0), passed(9)],
      ['never', 'open'],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(endings(decisions), expected));
  }

  test('has the first attempt, the retries, and how many there were', () => {
    const first = logged(0, { id: 'x', helo: 'h', rule: 'r' });
    const tries = Array.from({ length: 20 }, (_, index) => logged(index + 1, early));
    const { stories } = tell([first, ...tries, passed(100)]);
    const [story] = stories;
    assert.deepEqual(story?.first, { ...first, id: '' });
    assert.deepEqual([story.attempts, story.retries.length], [22, MAX_RETRIES]);
    assert.deepEqual(story.retries.slice(0, 2), [1000, 2000]);
  });

  for (const [name, decisions, isWhole] of [
    ['new', [logged(0)], true],
    ['expired', [logged(0, { reason: 'greylist-expired' })], true],
    ['early', [logged(0, early)], false],
    ['untold, at the beginning', [logged(0, { reason: 'greylist' })], false],
    ['untold, later', [passed(0), logged(2 * DAY, { reason: 'greylist' })], true],
  ] as const) {
    test(`is whole or not: ${name}`, () =>
      assert.equal(tell(decisions).stories[0]?.isWhole, isWhole));
  }

  test('is given up for want of room, the oldest first', () => {
    const many = Array.from({ length: 5 }, (_, index) => logged(index, { from: `a${index}@b` }));
    const { stories, joiner } = tell(many, { ...windowed, maxOpen: 2 });
    assert.equal(joiner.givenUp, 3);
    assert.deepEqual(
      stories.map(({ first, ending }) => `${first.from} ${ending}`),
      ['a0@b open', 'a1@b open', 'a2@b open', 'a3@b open', 'a4@b open'],
    );
  });

  test('networks are those of greylisters', () => {
    assert.equal(networkText('192.0.2.77'), '192.0.2.0/24');
    assert.equal(networkText('2001:db8:1:2::5'), '2001:db8:1:2::/64');
    assert.equal(networkText('what?'), 'what?');
    assert.equal(networkText(undefined), '');
  });
});
