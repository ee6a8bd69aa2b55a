import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseConfig } from '../../../src/config/load.js';

/** What is warned of, with the line that it is said of. */
function warned(text: string): readonly string[] {
  const { warnings } = parseConfig({ file: 'greymilter.yaml', text });
  return warnings.map(({ line, problem }) => `${line ?? 0} ${problem}`);
}

const RULES = `rules:
  - when: {client: 192.0.2.1}
    then: accept
  - when: {geo: {countries: [AQ]}}
    then: accept
message-rules:
  - when: {all: [{not: {geo: {countries: [AQ]}}}]}
    then: reject
`;

test('rules that ask for geo are warned of where no database is named', () => {
  const problem = 'asks for geo, which is never known without a database';
  assert.deepEqual(warned(RULES), [`4 ${problem}`, `7 ${problem}`]);
  assert.deepEqual(warned(`${RULES}lookups: {geo: /nowhere/geo.mmdb}\n`), []);
});
