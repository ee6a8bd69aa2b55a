import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  milterGreylistFile,
  overlookedFile,
} from '../../../../src/cli/stand-ins/milter-greylist-config.js';
import { parseMilterGreylistOptions } from '../../../../src/cli/stand-ins/milter-greylist-options.js';
import { formatIssueLine } from '../../../../src/config/config-error.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

test('without -f the first file that is there is read, and the other one told of', (t) => {
  const directory = createTempDirectory(t);
  const [legacy, own] = ['legacy.conf', 'own.conf'].map((name) => join(directory, name));
  assert.ok(legacy !== undefined && own !== undefined);
  const places = [legacy, own];
  const none = parseMilterGreylistOptions([]);
  const told = (options = none) => overlookedFile(options, places).map(formatIssueLine);

  assert.equal(milterGreylistFile(none, places), own, 'what is not there is told of by this name');
  writeFileSync(own, '');
  assert.deepEqual([milterGreylistFile(none, places), told()], [own, []]);
  writeFileSync(legacy, '');
  assert.equal(milterGreylistFile(none, places), legacy);
  assert.deepEqual(told(), [
    `${own}: is not read, since there is ${legacy}; name it by -f if it is meant: -f ${own}`,
  ]);

  const named = parseMilterGreylistOptions(['-f', own]);
  assert.deepEqual([milterGreylistFile(named, places), told(named)], [own, []]);
});
