import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ConfigError } from '../../../src/config/config-error.js';
import { parseConfig } from '../../../src/config/load.js';
import type { ConfigInputs } from '../../../src/config/load.js';

/** An issue as its place, its setting and problem, and its hint. */
export type Told = readonly [place: string, what: string, hint: string | undefined];

/** What is told of a configuration; nothing if it is fine. */
export function issuesOf(inputs: ConfigInputs): readonly Told[] {
  try {
    parseConfig({ file: 'g.yaml', ...inputs });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, 'CONFIG_INVALID');
    return error.issues.map(({ file, line, column, path, problem, hint }) => [
      line === undefined ? file : `${file}:${line}:${column ?? 0}`,
      path === '' ? problem : `${path}: ${problem}`,
      hint,
    ]);
  }
}

/** One test for each text: all that is told of it, in order. */
export function describeMistakes(
  title: string,
  cases: readonly (readonly [text: string, ...told: (readonly (string | undefined)[])[]])[],
): void {
  describe(title, () => {
    for (const [text, ...told] of cases)
      test(JSON.stringify(text), () => assert.deepEqual(issuesOf({ text }), told));
  });
}
