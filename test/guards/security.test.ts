import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from './readme-text.js';

const text = readFileSync(join(projectRoot, 'SECURITY.md'), 'utf8');

/** Each test that SECURITY.md calls upon, with the name of one in its file if it gives one. */
const proofs = [...text.matchAll(/`(test\/[^`]+)`(?:: "([^"]+)")?/g)].map(
  ([, file = '', name]) => ({ file, name }),
);

describe('SECURITY.md', () => {
  test('proves what it says', () => assert.ok(proofs.length > 30));

  for (const { file, name } of proofs)
    test(`there is ${file}${name === undefined ? '' : `: ${name}`}`, () => {
      // Or what several of these share.
      assert.match(file, /\.test\.ts$|\/describe-\w+\.ts$/);
      assert.ok(existsSync(join(projectRoot, file)));
      if (name === undefined) return;
      // In the head of a test or of a group of them, and not just anywhere.
      const heads = readFileSync(join(projectRoot, file), 'utf8').matchAll(
        /\b(?:test|describe)\(\s*(['"`])(.*?)(?<!\\)\1/g,
      );
      assert.ok([...heads].some(([, , head = '']) => head.includes(name)));
    });

  test('each point has one, but for what only says who and what', () => {
    const points = text.slice(text.indexOf('## Who can reach what')).split(/\n(?=- )/);
    for (const point of points.slice(1)) assert.match(point, /^- [^]*`test\//);
  });
});
