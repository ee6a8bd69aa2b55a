import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encodeForDn, encodeForFilter, encodeForUrl } from '../../../src/rules/encoded-template.js';

describe('values in the languages of others', () => {
  for (const [value, url, filter, dn] of [
    ['plain-1._~', 'plain-1._~', 'plain-1._~', 'plain-1._~'],
    ['a b', 'a%20b', 'a b', 'a b'],
    ["!'()*", '%21%27%28%29%2A', "!'\\28\\29\\2A", "!'()*"],
    ['&=?#/%+', '%26%3D%3F%23%2F%25%2B', '&=?#/%+', '&\\=?#/%\\+'],
    ['\\"<>,;', '%5C%22%3C%3E%2C%3B', '\\5C"<>,;', '\\\\\\"\\<\\>\\,\\;'],
    ['\0', '%00', '\\00', '\\00'],
    [' x ', '%20x%20', ' x ', '\\ x\\ '],
    ['#', '%23', '#', '\\#'],
    ['é\ud800', '%C3%A9%EF%BF%BD', 'é\ud800', 'é\ud800'],
  ] as const)
    test(JSON.stringify(value), () => {
      assert.deepEqual(
        [encodeForUrl(value), encodeForFilter(value), encodeForDn(value)],
        [url, filter, dn],
      );
    });
});
