import assert from 'node:assert/strict';

import { readGreylistConf } from '../../../../src/config/greylist-conf/read.js';
import type {
  GreylistConfOptions,
  GreylistConfText,
} from '../../../../src/config/greylist-conf/read.js';
import { valueAt } from '../../../../src/config/origins.js';

/** Without the exemption by SPF, which is a rule of its own. */
export function read(
  text: string,
  { flags = ['nospf'], ...options }: GreylistConfOptions = {},
): GreylistConfText {
  return readGreylistConf(`${text}\n`, { ...options, flags });
}

/** What stands there, as plain data. */
export function at(
  text: string,
  path: readonly (string | number)[],
  options?: GreylistConfOptions,
): unknown {
  const { value, problems } = read(text, options);
  assert.deepEqual(problems, []);
  return JSON.parse(JSON.stringify(valueAt(value, path) ?? null));
}

/** What is told of a text, each as the line and what is said. */
export function toldOf(text: string, options?: GreylistConfOptions): readonly string[] {
  return read(text, options).findings.map(
    ({ place, subject, problem }) => `${place.line} ${subject} ${problem}`,
  );
}
