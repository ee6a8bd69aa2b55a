import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OpenStory, type Story } from '../../../src/reports/story.js';
import { Tuner } from '../../../src/reports/tune.js';
import { LOG_START, logged } from '../../support/logged.js';

/** A mail with these tries, in seconds after the first; the last one got through if it `passes`. */
function story(tries: readonly number[], passes: boolean, from = 'joe@sender.example'): Story {
  const open = new OpenStory(logged(0, { from }), true);
  const retries = passes ? tries.slice(0, -1) : tries;
  for (const seconds of retries) open.retry(LOG_START + seconds * 1000);
  return passes ? open.pass(LOG_START + (tries.at(-1) ?? 0) * 1000) : open.end(true);
}

function tune(stories: readonly Story[], delays?: readonly number[]) {
  const tuner = new Tuner(delays);
  for (const each of stories) tuner.add(each);
  return tuner.finish();
}

describe('what a delay would have done', () => {
  const stories = [
    story([60, 400], true),
    story([400], true),
    story([700], true),
    story([20], false),
    story([200, 250], false),
    story([], false),
  ];

  test('to mail, and to second tries', () => {
    const { effects, returned, never, secondTries } = tune(stories, [600, 30, 300, 600]);
    assert.deepEqual([returned, never, secondTries], [3, 3, 2]);
    assert.deepEqual(effects, [
      { delayS: 30, stopped: 0.5, medianS: 400, p95S: 700, firstRetry: 1, unseen: 0 },
      { delayS: 300, stopped: 1, medianS: 400, p95S: 700, firstRetry: 2 / 3, unseen: 0 },
      { delayS: 600, stopped: 1, medianS: 600, p95S: 700, firstRetry: 1 / 3, unseen: 2 },
    ]);
  });

  test('has when mail was tried for the second time', () =>
    assert.deepEqual(tune(stories).retries.sorted(), [
      [60, 1],
      [400, 1],
      [700, 1],
    ]));

  test('of nothing is not known', () => {
    const { effects, advice } = tune([], [60]);
    assert.deepEqual(effects, [
      ...[{ delayS: 60, stopped: undefined, medianS: undefined, p95S: undefined }].map(
        (effect) => ({
          ...effect,
          firstRetry: undefined,
          unseen: 0,
        }),
      ),
    ]);
    assert.equal(advice, undefined);
  });

  test('leaves out what has no beginning, no end, or came from elsewhere', () => {
    const late = new OpenStory(logged(0), false).end(true);
    const open = new OpenStory(logged(0), true).end(false);
    const elsewhere = new OpenStory(logged(0), true);
    elsewhere.passElsewhere(LOG_START + 9);
    const { leftOut, returned, never } = tune([late, open, elsewhere.end(true)]);
    assert.deepEqual([leftOut, returned, never], [3, 0, 0]);
  });
});

describe('advice', () => {
  test('is from the delay that stops the tries to the one that costs time', () => {
    const stories = [
      ...Array.from({ length: 100 }, () => story([310], true)),
      ...Array.from({ length: 30 }, () => story([100], false)),
    ];
    assert.deepEqual(tune(stories).advice, { fromS: 120, toS: 300 });
  });

  test('says nothing of delays that the log cannot speak of', () => {
    const stories = [
      ...Array.from({ length: 100 }, () => story([61], true)),
      ...Array.from({ length: 30 }, () => story([10], false)),
    ];
    assert.deepEqual(tune(stories).advice, { fromS: 30, toS: 60 });
    assert.equal(tune(stories, [600]).advice, undefined);
  });

  test('wants to have seen enough', () => {
    const few = Array.from({ length: 49 }, () => story([310], true));
    const bots = Array.from({ length: 20 }, () => story([100], false));
    assert.equal(tune([...few, ...bots]).advice, undefined);
    assert.notEqual(tune([...few, ...few, ...bots]).advice, undefined);
    assert.equal(tune([...few, ...few]).advice, undefined);
  });

  test('names senders that always come back', () => {
    const of = (domain: string, count: number, passes = true): readonly Story[] =>
      Array.from({ length: count }, () => story([600], passes, `a@${domain}`));
    const { exceptions } = tune([
      ...of('good.example', 5),
      ...of('better.example', 9),
      ...of('few.example', 4),
      ...of('mixed.example', 9),
      ...of('mixed.example', 1, false),
      ...Array.from({ length: 9 }, () => story([600], true, '')),
      ...Array.from({ length: 9 }, () => story([600], true, 'root')),
    ]);
    assert.deepEqual(exceptions, [
      { domain: 'better.example', mails: 9, waitedS: 5400 },
      { domain: 'good.example', mails: 5, waitedS: 3000 },
    ]);
  });
});
