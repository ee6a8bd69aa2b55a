import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountedOnce } from '../../../src/rules/counted-once.js';

test('what was counted is not counted again, up to what is remembered', () => {
  const counted = new CountedOnce();
  assert.deepEqual(
    [counted.count('a'), counted.count('a'), counted.count('b')],
    [true, false, true],
  );
  for (let at = 2; at < 1000; at++) assert.equal(counted.count(String(at)), true);
  assert.deepEqual([counted.count('one more'), counted.count('one more')], [true, true]);
  assert.deepEqual([counted.count('a'), counted.count('999')], [false, false]);
});
