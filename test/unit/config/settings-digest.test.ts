import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../src/config/load.js';
import { settingsDigest } from '../../../src/config/settings-digest.js';

const digestOf = (...overrides: readonly string[]): string =>
  settingsDigest(parseConfig({ overrides }).config);

test('what mail is judged by makes another digest, where and what is told of it does not', () => {
  const usual = digestOf();
  for (const same of ['listen.milter=[unix:/x]', 'log.level=debug', 'greylist.delay=180s']) {
    assert.equal(digestOf(same), usual, same);
  }
  for (const other of ['greylist.delay=181s', 'trusted=[]', 'rules=[{then: accept}]']) {
    assert.notEqual(digestOf(other), usual, other);
  }
});
