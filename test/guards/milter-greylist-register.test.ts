import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { projectRoot } from './readme-text.js';

const text = readFileSync(join(projectRoot, 'docs/milter-greylist.md'), 'utf8');
const register = text.slice(text.indexOf('## The quirk register'));
const rows = register
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the register of milter-greylist\u2019s quirks', () => {
  test('has all that are numbered', () => {
    const numbers = rows.flatMap(([, quirk = '']) =>
      (/^([\d, ]+):/.exec(quirk)?.[1] ?? '').split(',').filter((part) => part.trim() !== ''),
    );
    assert.deepEqual(
      numbers.map(Number),
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });
  for (const [, quirk = '', decision = '', file = ''] of rows)
    test(`says of "${quirk}" what became of it, and which test shows it`, () => {
      assert.notEqual(decision, '');
      assert.ok(existsSync(join(projectRoot, 'test', file)), file);
    });
});
