import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mtaBase, sendmailBinary } from '../../../support/mta/places.js';

test('the MTAs are looked for where scripts/install-mtas puts them', () => {
  const script = readFileSync(new URL('../../../../scripts/install-mtas', import.meta.url), 'utf8');
  assert.ok(script.includes(`\nbase=${mtaBase}\n`));
  assert.ok(script.includes(`\nsendmail=$base${sendmailBinary.slice(mtaBase.length)}\n`));
});
