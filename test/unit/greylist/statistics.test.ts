import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import {
  decodeStatistics,
  encodeStatistics,
  hourOf,
  parseStatisticsKey,
  startOfHour,
  statisticsKey,
  writeStatistics,
} from '../../../src/greylist/statistics-record.js';
import {
  addStatistics,
  bandIndex,
  emptyStatistics,
  isEmptyStatistics,
  retryClass,
  RETRY_SECONDS,
  statisticsBands,
} from '../../../src/greylist/statistics.js';

function sample() {
  const statistics = emptyStatistics();
  statistics.decisions.set('greylist-new tempfail enforce', 3);
  statistics.minutes.set(59, [3, 0, 0, 0, 0, 0, 0]);
  statistics.firstAttempts = 3;
  statistics.cameBack = 2;
  statistics.neverCameBack = 1;
  statistics.retries[4] = 2;
  statistics.domains.add('a.example', 2, 600);
  statistics.networks.add('192.0.2.0/24', 1);
  return statistics;
}

describe('statistics', () => {
  test('begin empty, and are not once something was decided or forgotten', () => {
    assert.ok(isEmptyStatistics(emptyStatistics()));
    assert.ok(!isEmptyStatistics(sample()));
    const forgotten = emptyStatistics();
    forgotten.neverCameBack = 1;
    assert.ok(!isEmptyStatistics(forgotten));
  });

  test('are added up number by number', () => {
    const sum = sample();
    const more = sample();
    more.minutes.set(0, [0, 1, 0, 0, 0, 0, 0]);
    more.decisions.set('trusted accept enforce', 1);
    addStatistics(sum, more);
    const written = writeStatistics(sum);
    assert.deepEqual(
      { ...written, retries: undefined },
      {
        decisions: { 'greylist-new tempfail enforce': 6, 'trusted accept enforce': 1 },
        minutes: { 0: [0, 1, 0, 0, 0, 0, 0], 59: [6, 0, 0, 0, 0, 0, 0] },
        firstAttempts: 6,
        cameBack: 4,
        neverCameBack: 2,
        domains: [['a.example', 4, 1200]],
        networks: [['192.0.2.0/24', 2, 0]],
        retries: undefined,
      },
    );
    assert.equal(sum.retries[4], 4);
    // What was added is not tied to the sum.
    assert.deepEqual(more.minutes.get(0), [0, 1, 0, 0, 0, 0, 0]);
    addStatistics(sum, more);
    assert.deepEqual(more.minutes.get(0), [0, 1, 0, 0, 0, 0, 0]);
  });

  test('show every reason in a band, and what rules refuse apart', () => {
    assert.equal(statisticsBands[bandIndex('rule', 'accept')], 'exempt');
    assert.equal(statisticsBands[bandIndex('rule', 'reject')], 'refused');
    assert.equal(statisticsBands[bandIndex('greylist-new', 'tempfail')], 'put-off');
    assert.equal(statisticsBands[bandIndex('patience', 'accept')], 'passed');
  });

  test('have classes of retry times whose ends belong to them', () => {
    assert.equal(retryClass(0), 0);
    assert.equal(retryClass(10), 0);
    assert.equal(retryClass(10.1), 1);
    assert.equal(retryClass(300), RETRY_SECONDS.indexOf(300));
    assert.equal(retryClass(1e9), RETRY_SECONDS.length);
    assert.deepEqual(
      [...RETRY_SECONDS].sort((a, b) => a - b),
      RETRY_SECONDS,
    );
  });
});

describe('the record of an hour', () => {
  test('is read as it was written', () => {
    const statistics = sample();
    assert.deepEqual(
      writeStatistics(decodeStatistics(encodeStatistics(statistics))),
      writeStatistics(statistics),
    );
  });

  test('has a key of its own', () => {
    const hour = hourOf(Date.UTC(2030, 0, 1, 5, 59, 59, 999));
    assert.equal(startOfHour(hour), Date.UTC(2030, 0, 1, 5));
    assert.equal(parseStatisticsKey(statisticsKey(hour)), hour);
    for (const key of ['statistics', 'statistics ', 'statistics 01', 'statistics x', 'cx\0y']) {
      assert.equal(parseStatisticsKey(key), undefined, key);
    }
  });

  const broken: readonly (readonly [string, (fields: Record<string, unknown>) => unknown])[] = [
    ['no object', () => 5],
    ['null', () => null],
    ['no version', ({ version, ...rest }) => (version === 1 ? rest : rest)],
    ['a negative count', (fields) => ({ ...fields, cameBack: -1 })],
    ['half a count', (fields) => ({ ...fields, decisions: { x: 0.5 } })],
    ['a minute too late', (fields) => ({ ...fields, minutes: { 60: [0, 0, 0, 0, 0, 0, 0] } })],
    ['a minute that is none', (fields) => ({ ...fields, minutes: { x: [] } })],
    ['a short row', (fields) => ({ ...fields, minutes: { 5: [1] } })],
    ['no rows', (fields) => ({ ...fields, retries: 'x' })],
    ['a name that is none', (fields) => ({ ...fields, domains: [[5, 1, 1]] })],
    ['too many names', (fields) => ({ ...fields, domains: Array(65).fill(['a', 1, 1]) })],
  ];
  for (const [what, change] of broken) {
    test(`is damaged with ${what}`, () => {
      // Our own encoding.
      const text = new TextDecoder().decode(encodeStatistics(sample()));
      const fields = JSON.parse(text) as Record<string, unknown>;
      const bytes = new TextEncoder().encode(JSON.stringify(change(fields)));
      assert.throws(() => decodeStatistics(bytes), {
        name: 'CorrespondenceFormatError',
        code: 'CORRESPONDENCE_DAMAGED',
      });
    });
  }

  test('is damaged if it is no JSON, and newer if it says so', () => {
    assert.throws(() => decodeStatistics(Buffer.from('x')), CorrespondenceFormatError);
    assert.throws(() => decodeStatistics(Buffer.from('{"version":2}')), {
      code: 'CORRESPONDENCE_NEWER_FORMAT',
    });
  });
});
