import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageVersion } from '../../../src/daemon/version.js';

test('the version is one', () => assert.match(packageVersion(), /^\d+\.\d+\.\d+/));
