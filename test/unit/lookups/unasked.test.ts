import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { unasked } from '../../../src/lookups/unasked.js';

describe('what is wrong with a server, without what it was asked', () => {
  const filter = '(&(mail=Sally-Secret@sender.example)(host=203.0.113.77))';
  for (const [problem, asked, told] of [
    ['no answer in time', [filter], 'no answer in time'],
    [`InvalidFilter ${filter}`, [filter], 'InvalidFilter …'],
    // A part of it, in another case, or in the form of a name.
    ['best match of: mail=sally-secret, dc=org', [filter], 'best match of: …=…-…, dc=org'],
    ['not found: 203.0.113.77.', [filter], 'not found: ….'],
    ['getaddrinfo ENOTFOUND a(b.example', ['a(b.example'], 'getaddrinfo ENOTFOUND …'],
    ['it is as it was', ['it'], 'it is as it was'],
    ['it is as it was', [], 'it is as it was'],
  ] as const) {
    test(problem, () => assert.equal(unasked(problem, asked), told));
  }
});
