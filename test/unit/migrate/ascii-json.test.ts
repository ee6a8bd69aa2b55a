import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asciiJson } from '../../../src/migrate/ascii-json.js';
import { fc } from '../../support/properties.js';

test('JSON in ASCII says the same, whatever is in it', () => {
  assert.equal(asciiJson({ a: 'b\u009b\u202e💌' }), '{"a":"b\\u009b\\u202e\\ud83d\\udc8c"}');
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const written = asciiJson([value, text]);
      assert.match(written, /^[ -~]*$/);
      assert.equal(JSON.stringify(JSON.parse(written)), JSON.stringify([value, text]));
    }),
  );
});
