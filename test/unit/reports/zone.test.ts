import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixedZone, namedZone } from '../../../src/reports/zone.js';

function instant(zone: string, wall: string, notBefore?: string): string {
  const since = notBefore === undefined ? undefined : Date.parse(notBefore);
  return new Date(namedZone(zone).toInstant(Date.parse(`${wall}Z`), since)).toISOString();
}

describe('a zone', () => {
  for (const [zone, wall, expected] of [
    ['UTC', '2026-11-20T10:00:00', '2026-11-20T10:00:00.000Z'],
    ['Europe/Berlin', '2026-11-20T10:00:00', '2026-11-20T09:00:00.000Z'],
    ['Europe/Berlin', '2026-07-20T10:00:00', '2026-07-20T08:00:00.000Z'],
    ['America/New_York', '2026-11-20T23:30:00', '2026-11-21T04:30:00.000Z'],
    ['Asia/Kathmandu', '2026-11-20T10:00:00', '2026-11-20T04:15:00.000Z'],
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T01:00:00', '2026-10-24T23:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T12:00:00', '2026-10-25T11:00:00.000Z'],
  ] as const) {
    test(`${zone} ${wall}`, () => assert.equal(instant(zone, wall), expected));
  }

  test('knows the hour that comes twice by what was before', () => {
    const wall = '2026-10-25T02:30:00';
    assert.equal(instant('Europe/Berlin', wall), '2026-10-25T00:30:00.000Z');
    assert.equal(
      instant('Europe/Berlin', wall, '2026-10-25T00:59:00Z'),
      '2026-10-25T01:30:00.000Z',
    );
  });

  test('has an instant for an hour that there is not', () => {
    const at = Date.parse(instant('Europe/Berlin', '2026-03-29T02:30:00'));
    assert.ok(Math.abs(at - Date.parse('2026-03-29T01:00:00Z')) <= 1_800_000);
  });

  test('that nobody knows is a RangeError', () =>
    assert.throws(() => namedZone('No/Where'), RangeError));

  test('may be a distance', () =>
    assert.equal(fixedZone(3_600_000).toInstant(7_200_000), 3_600_000));
});
