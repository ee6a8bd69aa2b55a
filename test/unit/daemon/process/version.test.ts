import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageVersion } from '../../../../src/daemon/process/version.js';

test('the version is one', () => assert.match(packageVersion(), /^\d+\.\d+\.\d+/));
