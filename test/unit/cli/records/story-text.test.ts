import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatStory } from '../../../../src/cli/records/story-text.js';

const first = '2030-01-01T00:00:00.000Z';
const pending = {
  address: '192.0.2.7',
  prefix: 24,
  firstSeenAt: first,
  lastSeenAt: '2030-01-01T00:01:00.000Z',
  attempts: 2,
  expiresAt: '2030-01-03T00:00:00.000Z',
};
const passed = {
  ...pending,
  address: '2001:db8::1',
  prefix: 64,
  name: 'mx\u001b.a.example',
  firstSeenAt: '2029-12-31T23:00:00.000Z',
  passedAt: '2029-12-31T23:05:10.000Z',
};
const at = (time: string, client = '192.0.2.99') => ({
  client,
  delayMs: 180_000,
  now: Date.parse(time),
});
const story = (sources: readonly object[], context: ReturnType<typeof at>, more = {}) =>
  formatStory({ id: 'x', kind: 'pair', sources, ...more }, context)
    .split('\n')
    .slice(0, -1);

test('who waits: what was tried, when it would pass, and when it is forgotten', () => {
  assert.deepEqual(story([pending], at('2030-01-01T00:02:00Z')), [
    '192.0.2.7/24, that of 192.0.2.99',
    '  2030-01-01T00:00:00Z  first attempt, put off',
    '  2030-01-01T00:01:00Z  last of 2 attempts, put off',
    '  2030-01-01T00:03:00Z  its wait is over (greylist.delay of 3m, unless a rule says another)',
    '  2030-01-03T00:00:00Z  forgotten if not back by then',
  ]);
  assert.match(story([pending], at(first))[3] ?? '', /its wait is over \(/);
  assert.match(
    story([pending], at('2030-01-01T00:03:00Z'))[3] ?? '',
    /its wait was over: its next attempt passes/,
  );
  const once = story([{ ...pending, attempts: 1 }], at('2030-01-04T00:00:00Z'));
  assert.deepEqual(once.slice(2), [
    '  2030-01-03T00:00:00Z  forgotten, for it did not come back in time',
  ]);
});

test('who waits for the time that was given at the first attempt', () => {
  const given = { ...pending, acceptAt: '2030-01-01T00:10:00.000Z' };
  assert.equal(
    story([given], at('2030-01-01T00:04:00Z'))[3],
    '  2030-01-01T00:10:00Z  its wait is over (as it was told at first)',
  );
});

test('who has passed, oldest first; what a name brings reaches no terminal', () => {
  assert.deepEqual(
    story([pending, passed], at('2030-01-01T00:02:00Z', '2001:db8::9')).slice(0, 5),
    [
      '2001:db8::1/64 (mx\\u001b.a.example), that of 2001:db8::9',
      '  2029-12-31T23:00:00Z  first attempt, put off',
      '  2029-12-31T23:05:10Z  passed, 5m 10s later',
      '  2030-01-01T00:01:00Z  last mail that was noted',
      '  2030-01-03T00:00:00Z  forgotten if no mail comes by then',
    ],
  );
  assert.match(story([passed], at('2030-01-04T00:00:00Z')).join('\n'), /00Z {2}forgotten$/m);
});

test('who was let through at once was never put off', () => {
  const learnt = story([{ ...pending, passedAt: first }], at('2030-01-01T00:02:00Z'));
  assert.equal(learnt[1], '  2030-01-01T00:00:00Z  first attempt, let through');
  assert.ok(!learnt.join('\n').includes('put off'));
});

test('a client of another network is said to be new there', () => {
  const lines = story([pending], at(first, '192.0.3.7'), {
    series: { firstAt: first, lastReturnAt: first, returns: 2 },
  });
  assert.equal(lines[0], '192.0.2.7/24');
  assert.deepEqual(lines.slice(-2), [
    '192.0.3.7 is in none of these networks, and new in its own',
    'from whatever network: put off since 2030-01-01T00:00:00Z, came back 2 times, each at least a delay after the last',
  ]);
});
