import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../src/config/load.js';
import { ListStore } from '../../../src/rules/list-store.js';

const { lists } = parseConfig({
  text: 'lists: {ours: {clients: [192.0.2.0/24], names: [.example]}}',
  file: 'g.yaml',
});

test('a list is compiled once for all that name it', () => {
  const store = new ListStore(lists);
  assert.equal(store.get('clients', 'ours', []), store.get('clients', 'ours', []));
  assert.deepEqual(store.missing, []);
});

test('a list without entries of the wanted kind is complained of where it is named', () => {
  const store = new ListStore(lists);
  store.get('senders', 'ours', ['rules', 0]);
  assert.deepEqual(store.missing, [
    {
      path: ['rules', 0],
      problem: 'the list ours has clients and names, where senders are needed',
      hint: 'give the list a key senders, or name another list',
    },
  ]);
});
