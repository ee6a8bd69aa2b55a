import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once } from '../../../src/config/once.js';

test('what is made once is made when it is asked for, and kept, though it be nothing', () => {
  let made = 0;
  const nothing = once((): string | undefined => {
    made += 1;
    return undefined;
  });
  assert.equal(made, 0);
  assert.equal(nothing(), undefined);
  assert.equal(nothing(), undefined);
  assert.equal(made, 1);
});
