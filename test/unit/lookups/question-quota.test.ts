import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QuestionQuota } from '../../../src/lookups/question-quota.js';
import { ip } from './spf-rig.js';

const limits = { inFlight: 5, inFlightPerNetwork: 2, perMinute: 4 };

describe('QuestionQuota', () => {
  test('limits what is under way for a network', () => {
    const quota = new QuestionQuota(limits);
    const first = quota.take(ip('192.0.2.1'), 0);
    assert.ok(first !== undefined);
    assert.ok(quota.take(ip('192.0.2.200'), 0) !== undefined);
    assert.equal(quota.take(ip('192.0.2.3'), 0), undefined);
    assert.ok(quota.take(ip('198.51.100.1'), 0) !== undefined);
    quota.release(first);
    assert.ok(quota.take(ip('192.0.2.3'), 0) !== undefined);
  });

  test('limits what is asked in a minute', () => {
    const quota = new QuestionQuota(limits);
    const ask = (at: number): boolean => {
      const share = quota.take(ip('2001:db8:0:7::1'), at);
      if (share !== undefined) quota.release(share);
      return share !== undefined;
    };
    assert.deepEqual([0, 1, 2, 3, 59_999].map(ask), [true, true, true, true, false]);
    assert.equal(ask(60_000), true);
  });

  test('takes a whole /48 for one network', () => {
    const quota = new QuestionQuota(limits);
    quota.take(ip('2001:db8:0:1::1'), 0);
    quota.take(ip('2001:db8:0:2::1'), 0);
    assert.equal(quota.take(ip('2001:db8:0:3::1'), 0), undefined);
    assert.ok(quota.take(ip('2001:db8:1::1'), 0) !== undefined);
  });

  test('limits what is under way over all', () => {
    const quota = new QuestionQuota(limits);
    const clients = ['10.0.0.1', '10.0.1.1', '10.0.2.1', '10.0.3.1', '10.0.4.1'].map(ip);
    const shares = clients.map((client) => quota.take(client, 0));
    assert.ok(shares.every((share) => share !== undefined));
    assert.equal(quota.take(undefined, 0), undefined);
    quota.release(shares[0] ?? '');
    assert.equal(quota.take(undefined, 0), '');
  });

  test('does not forget what is under way when a minute ends', () => {
    const quota = new QuestionQuota(limits);
    const client = ip('192.0.2.1');
    const shares = [quota.take(client, 0), quota.take(client, 0)];
    assert.equal(quota.take(client, 60_000), undefined);
    shares.forEach((share) => quota.release(share ?? ''));
    assert.ok(quota.take(client, 60_000) !== undefined);
  });
});
