import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import { projectRoot } from '../../../guards/readme-text.js';

const directory = join(projectRoot, 'test/fixtures/greylist-conf');
const samples = readdirSync(directory).filter((name) => name.endsWith('.conf'));

/** How many statements, and the rules by what they do and how many parts they have. */
const READ: Readonly<Record<string, readonly [statements: number, rules: string]>> = {
  'debian-4.6.2-3.conf': [
    16,
    'continue 1+1, whitelist 1, whitelist 1, whitelist 1, greylist 1+2, whitelist 0',
  ],
  'debian-4.6.4-5.conf': [
    16,
    'continue 1+1, whitelist 1, whitelist 1, whitelist 1, greylist 1+2, whitelist 0',
  ],
  'docker-mail.conf': [12, 'whitelist 1, whitelist 1, greylist 0'],
  'etckeeper-testserver.conf': [
    14,
    'continue 1+1, whitelist 1, whitelist 1, greylist 1+2, whitelist 0',
  ],
  'milter-manager-centos-doc.conf': [8, 'whitelist 2, greylist 2, greylist 0'],
  'milter-manager-freebsd-fixture.conf': [5, 'whitelist 1, greylist 0'],
  'upstream-4.6.4-greylist2.conf': [52, Array.from({ length: 52 }, () => 'whitelist 1').join(', ')],
  'upstream-4.6.4.conf': [14, 'continue 1+1, whitelist 1, whitelist 1, greylist 1+2, whitelist 0'],
  'upstream-kou-4.4.1.conf': [13, 'whitelist 1, whitelist 1, greylist 1+2, whitelist 0'],
  'upstream-milter-greylist-1-0.conf': [1, 'whitelist 1'],
  'upstream-milter-greylist-3-0-branch.conf': [
    12,
    'whitelist 1, whitelist 1, greylist 1+2, whitelist 0',
  ],
};

function describeRules(text: string): string {
  return parseGreylistConf(text)
    .statements.flatMap((statement) => (statement.kind === 'rule' ? [statement] : []))
    .map(({ action, clauses, values }) => {
      const set = values.length === 0 ? '' : `+${values.length}`;
      return `${action} ${clauses.length}${set}`;
    })
    .join(', ');
}

describe('files of milter-greylist that were found in the wild', () => {
  for (const name of samples)
    test(name, () => {
      const text = readFileSync(join(directory, name), 'utf8');
      const { statements, problems, notes } = parseGreylistConf(text);
      assert.deepEqual([...problems, ...notes], []);
      assert.deepEqual([statements.length, describeRules(text)], READ[name]);
      // Nothing is skipped: each line is a statement's, a comment's or empty.
      const known = new Set(
        statements.flatMap(({ place, lastLine }) => linesOf(place.line, lastLine)),
      );
      for (const [index, line] of text.split('\n').entries())
        assert.ok(known.has(index + 1) || /^\s*(?:#.*)?$/.test(line), `${name}:${index + 1}`);
    });

  test('are all there', () => assert.deepEqual(samples.sort(), Object.keys(READ).sort()));
});

function linesOf(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
