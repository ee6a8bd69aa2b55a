import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance } from '../../../src/greylist/advance.js';
import type { AttemptSource, GreylistSettings } from '../../../src/greylist/advance.js';
import type { Correspondence } from '../../../src/greylist/correspondence.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import { openInquiry } from '../../../src/greylist/inquiry.js';
import type { Inquiry } from '../../../src/greylist/inquiry.js';
import { DAY, HOUR, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, KNOWN, from, play } from './history.js';

const C = from('192.0.2.4');

/** What is worth finding out about an attempt after such a history. */
function inquiryOf(
  record: Correspondence,
  by: AttemptSource,
  at: number,
  changed: Partial<GreylistSettings> = {},
): Inquiry | undefined {
  const settings = { ...SETTINGS, ...changed };
  const now = T0 + at;
  return openInquiry(record, advance(record, by, settings, now).outcome, { settings, now });
}

function addressesOf(inquiry: Inquiry | undefined): readonly string[] | undefined {
  return inquiry?.relatives.map(({ address }) => address.text);
}

describe('nothing is asked', () => {
  test('about a source that is listed: known, waiting or mature', () => {
    const { next } = play(...KNOWN, { at: HOUR, by: B });
    assert.equal(inquiryOf(next, A, HOUR), undefined);
    assert.equal(inquiryOf(next, from('203.0.113.200'), HOUR), undefined);
    assert.equal(inquiryOf(next, B, HOUR + MINUTE), undefined);
    assert.equal(inquiryOf(next, B, HOUR + 5 * MINUTE), undefined);
  });

  test('about a source of a pair that is a pool already', () => {
    const steps = Array.from({ length: MAX_SOURCES }, (_, n) => ({
      at: n,
      by: from(`10.${n}.0.1`),
      with: { delayMs: 0 },
    }));
    assert.equal(inquiryOf(play(...steps).next, A, HOUR), undefined);
  });

  test('about one that passes anyway, by the clock of its transaction', () => {
    const { next } = play({ at: 0 });
    assert.equal(inquiryOf(next, { ...B, clockAt: T0 }, 5 * MINUTE), undefined);
  });

  test('where all other sources have ended', () => {
    const { next } = play({ at: 0 });
    assert.equal(inquiryOf(next, B, 2 * DAY), undefined);
  });

  test('where nobody wants to know', () => {
    const { next } = play(...KNOWN);
    const identity = { spf: false, hostName: false };
    assert.equal(inquiryOf(next, B, HOUR, { identity }), undefined);
  });
});

describe('a new source of a pair that is known', () => {
  test('may be one of those that live: the known first, then the most recent', () => {
    const { next } = play(
      ...KNOWN,
      { at: 6 * MINUTE, by: from('10.1.0.1') },
      { at: 7 * MINUTE, by: from('10.2.0.1') },
      { at: 8 * MINUTE, by: from('10.3.0.1') },
      { at: 20 * MINUTE, by: from('10.2.0.1') },
    );
    const inquiry = inquiryOf(next, C, HOUR);
    assert.deepEqual(addressesOf(inquiry), ['10.2.0.1', '203.0.113.7', '10.3.0.1', '10.1.0.1']);
    assert.equal(inquiry?.isPatient, false);
  });

  for (const identity of [
    { spf: true, hostName: false },
    { spf: false, hostName: true },
  ]) {
    test(`is asked about for ${JSON.stringify(identity)}`, () => {
      const { next } = play(...KNOWN);
      assert.deepEqual(addressesOf(inquiryOf(next, B, HOUR, { identity })), ['203.0.113.7']);
    });
  }

  test('is one that has ended, too', () => {
    const { next } = play({ at: 0 }, { at: DAY, by: B }, { at: DAY + HOUR, by: B });
    assert.deepEqual(addressesOf(inquiryOf(next, A, 2 * DAY)), ['198.51.100.9']);
  });
});

describe('before patience lets a pair pass', () => {
  const settings = { delayMs: HOUR, identity: { spf: false, hostName: false } };
  const steps = [0, 1, 2, 3, 4].map((n) => ({
    at: n * HOUR,
    by: from(`198.51.${n}.1`),
    with: settings,
  }));
  const before = play(...steps.slice(0, 4)).next;

  test('SPF may speak against it', () => {
    const inquiry = inquiryOf(before, from('198.51.4.1'), 4 * HOUR, settings);
    assert.deepEqual(inquiry, { relatives: [], isPatient: true });
  });

  test('it may be one of those before, which passes whatever SPF says', () => {
    const inquiry = inquiryOf(before, from('198.51.4.1'), 4 * HOUR, { delayMs: HOUR });
    assert.equal(inquiry?.isPatient, true);
    assert.equal(inquiry.relatives.length, 4);
  });

  test('a source that is listed is asked about as well', () => {
    const long = { ...settings, delayMs: 5 * HOUR };
    const waiting = play(...steps.slice(0, 4).map((step) => ({ ...step, with: settings }))).next;
    const patience = { tries: 3, overMs: HOUR };
    const inquiry = inquiryOf(waiting, from('198.51.3.1'), 4 * HOUR, { ...long, patience });
    assert.deepEqual(inquiry, { relatives: [], isPatient: true });
  });
});
