import assert from 'node:assert/strict';
import { test } from 'node:test';

import { latestStage } from '../../../src/rules/latest-stage.js';

for (const [stages, latest] of [
  [[], 'connect'],
  [['connect'], 'connect'],
  [['connect', 'helo', 'connect'], 'helo'],
  [['rcpt', 'mail'], 'rcpt'],
  [['eom', 'data'], 'eom'],
] as const)
  test(`the last of ${stages.join(', ') || 'no stages'} is ${latest}`, () =>
    assert.equal(latestStage(stages), latest));
