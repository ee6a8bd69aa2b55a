import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecordFilter, wantedKinds } from '../../../src/admin/record-filter.js';
import { filterOptions } from '../../../src/cli/records/record-options.js';
import { recordStates } from '../../../src/migrate/record-outline.js';

test('a kind that no record has is refused, and not answered as if there were none', () => {
  for (const kind of ['foo', 'triplets', '']) {
    assert.throws(() => parseRecordFilter({ kind }), {
      code: 'ADMIN_BAD_REQUEST',
      message: `kind: "${kind}" is none of ${wantedKinds.join(', ')}`,
    });
  }
  const of = (kind: string) => ({ kind, sender: '', recipient: '', clients: () => [] });
  for (const kind of wantedKinds.slice(1)) {
    assert.ok(parseRecordFilter({ kind })(of(kind), 0), kind);
    assert.ok(!parseRecordFilter({ kind })(of('other'), 0), kind);
  }
  assert.ok(parseRecordFilter({ kind: 'triplet' })(of('null-sender'), 0));
});

test('the command line names all kinds and states, and no other', () => {
  assert.deepEqual(filterOptions.kind.choices, wantedKinds);
  assert.deepEqual(filterOptions.state.choices, recordStates);
});
