import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { providers } from '../../../src/lookups/provider-list.js';
import { firstColumn, readHandbook } from '../../guards/readme-text.js';

describe('the list of large senders', () => {
  for (const { name, domain, date } of providers)
    test(name, () => {
      assert.match(domain, /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/);
      assert.match(name, /^[\w. ]{2,30}$/);
      assert.match(date, /^\d{4}-\d\d-\d\d$/);
      assert.equal(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10), date);
    });

  test('has nobody twice', () => {
    for (const key of ['name', 'domain'] as const)
      assert.equal(new Set(providers.map((each) => each[key])).size, providers.length);
  });

  test('is in README.md, with the reasons', () => {
    const { tables } = readHandbook();
    const table = tables.find(({ head }) => head[0] === 'large sender');
    assert.deepEqual(
      table?.rows,
      providers.map(({ name, domain, reason, date }) => [name, `\`${domain}\``, reason, date]),
    );
    assert.deepEqual(
      firstColumn(tables, 'why it is on the list').toSorted(),
      [...new Set(providers.map(({ reason }) => reason))].toSorted(),
    );
  });
});
