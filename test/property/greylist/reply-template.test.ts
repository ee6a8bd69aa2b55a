import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseReplyTemplate, renderReplyTemplate } from '../../../src/greylist/reply-template.js';
import { fc } from '../../support/properties.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('{wait}', '{minutes}', '{from}', '{to}', '{name}', '{id}', '{{', '}', ' a%'),
    )
    .map((parts) => parts.join('')),
);
const wire = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 300, maxLength: 400 }));
const values = fc.record({
  waitMs: fc.double({ noNaN: true }),
  delayMs: fc.integer(),
  client: fc.option(wire, { nil: undefined }),
  name: fc.option(wire, { nil: undefined }),
  from: wire,
  to: wire,
  id: fc.option(wire, { nil: undefined }),
  host: fc.option(wire, { nil: undefined }),
});

test('a text that was taken becomes one printable line of bounded length, whatever the wire says', () => {
  fc.assert(
    fc.property(text, values, (written, shown) => {
      const parsed = parseReplyTemplate(written);
      if ('problem' in parsed) {
        assert.notEqual(parsed.problem, '');
        return;
      }
      assert.equal(parsed.ok.text, written);
      assert.match(renderReplyTemplate(parsed.ok, shown), /^[\x20-\x7e]{1,6540}$/);
    }),
    { numRuns: 500 },
  );
});
