import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ConfigError } from '../../../src/config/config-error.js';
import { parseConfig } from '../../../src/config/load.js';

function problemsIn(text: string): readonly string[] {
  try {
    parseConfig({ text });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.issues.map(({ line = 0, path, problem }) => `${line} ${path}: ${problem}`);
  }
}

function warningsIn(text: string): readonly string[] {
  return parseConfig({ text }).warnings.map(({ path, problem }) => `${path}: ${problem}`);
}

describe('what only the style of milter-greylist can do', () => {
  const cases: readonly (readonly [text: string, problem: string])[] = [
    ['greylist: {%, delay: 0s}', '1 greylist.delay: must be at least 1s'],
    ['greylist: {%, delay: 0s, autowhite: 0s}', '1 greylist.delay: must be at least 1s'],
    ['greylist: {%, retry-window: 1s}', '1 greylist.retry-window: must be at least 2s'],
    ['greylist: {%, autowhite: 0s}', '1 greylist.autowhite: must be at least 1s'],
    ['greylist: {%, network: {ipv4: 0}}', '1 greylist.network.ipv4: must be at least 8'],
    ['greylist: {%, network: {ipv6: 0}}', '1 greylist.network.ipv6: must be at least 16'],
    [
      'greylist: {%, retry-window: 3m}',
      '1 greylist.retry-window: must be longer than greylist.delay (3m against 3m)',
    ],
    ['greylist: {%}\nrules: [{then: greylist, delay: 0s}]', '2 rules.delay: must be at least 1s'],
    [
      'greylist: {%}\nrules: [{then: greylist, delay: 1h, retry-window: 1h}]',
      '2 rules.retry-window: must be longer than delay',
    ],
    [
      'greylist: {%}\nrules: [{then: greylist, delay: 1h, autowhite: 30m}]',
      '2 rules.autowhite: must not be shorter than delay',
    ],
    [
      'greylist: {%}\nrules: [{then: greylist, retry-window: 2m}]',
      '2 rules.retry-window: must be longer than greylist.delay (3m)',
    ],
  ];
  for (const [text, problem] of cases) {
    test(text, () => {
      assert.equal(problemsIn(text.replace('%', 'style: greymilter'))[0], problem);
      assert.deepEqual(problemsIn(text.replace('%', 'style: milter-greylist')), []);
    });
  }
});

describe('what has no effect', () => {
  test('in the style of milter-greylist', () => {
    const text = 'greylist: {style: milter-greylist, identity: network, patience: off}';
    const told = 'has no effect with greylist.style: milter-greylist';
    assert.deepEqual(warningsIn(text), [
      `greylist.identity: ${told}`,
      `greylist.patience: ${told}`,
    ]);
    assert.deepEqual(warningsIn('greylist: {style: milter-greylist, lazy-autowhite: true}'), []);
  });

  test('in our own', () => {
    assert.deepEqual(warningsIn('greylist: {lazy-autowhite: true}'), [
      'greylist.lazy-autowhite: has no effect without greylist.style: milter-greylist',
    ]);
    assert.deepEqual(warningsIn('greylist: {identity: network, patience: off}'), []);
  });
});
