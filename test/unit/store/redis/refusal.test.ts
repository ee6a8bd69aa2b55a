import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RedisReplyError } from '../../../../src/store/redis/redis-errors.js';
import { errorOf, refusalOf, sharedRefusal, toldOf } from '../../../../src/store/redis/refusal.js';

const wrongPassword = new RedisReplyError('WRONGPASS invalid username-password pair.');
const loading = new RedisReplyError('LOADING Redis is loading the dataset in memory');
const away = new Error('connect ECONNREFUSED 192.0.2.6:6379');

describe('what several servers say', () => {
  test('is a refusal if all of them that answer refuse us', () => {
    assert.equal(sharedRefusal([away, wrongPassword])?.code, 'STORE_PERMISSION');
    assert.equal(sharedRefusal([away, errorOf('a', wrongPassword)])?.code, 'STORE_PERMISSION');
    assert.equal(sharedRefusal([wrongPassword, loading]), undefined);
    assert.equal(sharedRefusal([wrongPassword, errorOf('a', loading)]), undefined);
    assert.equal(sharedRefusal([away]), undefined);
    assert.equal(sharedRefusal([]), undefined);
  });
});

describe('what is told', () => {
  test('has the setting if somebody has to mend it', () => {
    assert.match(
      toldOf(errorOf('a', wrongPassword)),
      /^a: WRONGPASS .*pair\. See store\.redis\.user/,
    );
    assert.equal(toldOf(loading), loading.message);
  });

  test('does not make a refusal of a certificate that has ended, which is renewed', () => {
    const ended = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    assert.equal(refusalOf(ended), undefined);
  });
});
