import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatRecords } from '../../../../src/cli/records/records-text.js';

const at = '2030-01-01T00:00:00.000Z';
const later = '2030-02-01T00:00:00.000Z';
const lines = (records: Parameters<typeof formatRecords>[0], now: string): readonly string[] =>
  formatRecords(records, Date.parse(now)).split('\n').slice(1, -1);

test('a client that is counted has a line', () => {
  const client = {
    id: 'x',
    kind: 'client',
    client: '192.0.2.7',
    lastPointAt: at,
    lastSeenAt: at,
    expiresAt: later,
  };
  const shown =
    /^(\w+) +192\.0\.2\.7 +2030-01-01T00:00:00Z +2030-01-01T00:00:00Z +2030-02-01T00:00:00Z$/;
  for (const [isExempt, now, state] of [
    [true, at, 'autowhite'],
    [false, at, 'pending'],
    [true, later, 'ended'],
  ] as const)
    assert.equal(shown.exec(lines([{ ...client, isExempt }], now)[0] ?? '')?.[1], state);
  const ofDomain = { ...client, isExempt: true, client: '192.0.2.0/24', domain: 'a.example' };
  assert.match(lines([ofDomain], at)[0] ?? '', /^autowhite +192\.0\.2\.0\/24 +@a\.example +2030/);
});

test('so have an expected reply, and what nobody understands', () => {
  const reply = {
    id: 'x',
    kind: 'reply',
    sender: 'a@b',
    recipient: 'c@d',
    writtenAt: at,
    expiresAt: later,
  };
  assert.match(
    lines([reply], at)[0] ?? '',
    /^reply +a@b +c@d +2030-01-01T00:00:00Z +2030-02-01T00:00:00Z$/,
  );
  const opaque = { id: 'eA', kind: 'opaque', key: 'eA==', value: '', expiresAt: later };
  assert.match(lines([opaque], at)[0] ?? '', /^opaque +eA +2030-02-01T00:00:00Z$/);
});
