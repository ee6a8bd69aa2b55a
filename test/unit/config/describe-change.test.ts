import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeChange } from '../../../src/config/describe-change.js';
import { parseConfig } from '../../../src/config/load.js';

const change = (before: string, after: string): readonly string[] =>
  describeChange(parseConfig({ text: before }), parseConfig({ text: after }));

test('nothing is told of what is only written differently', () => {
  const before = 'greylist: {delay: 60s}\nrules: [{when: {client: 192.0.2.1/32}, then: accept}]\n';
  const after =
    '# x\nrules:\n- then: accept\n  when: {client: [192.0.2.1]}\ngreylist: {delay: 1m}\n';
  assert.deepEqual(change(before, after), []);
});

test('settings are told with both values', () =>
  assert.deepEqual(change('trusted: []', 'greylist: {delay: 5m, patience: off}'), [
    'greylist.delay is 5m, was 3m',
    'greylist.patience.tries is off, was 4',
    'greylist.patience.over is off, was 4h',
    'trusted is ["loopback","private"], was []',
  ]));

test('rules are told by their names', () =>
  assert.deepEqual(
    change(
      'rules:\n- {name: a, then: continue}\n- {name: b, then: continue}\n- {name: c, then: accept}',
      'rules:\n- {name: b, then: continue}\n- {name: a, then: continue, delay: 5m}\n- then: reject\n' +
        'message-rules: [{then: accept}]',
    ),
    [
      'rules: "c" is removed',
      'rules: "rule 3" is added',
      'rules: "a" is changed',
      'rules: the order is changed',
      'message-rules: "message rule 1" is added',
    ],
  ));

test('lists are told by how many entries they gained and lost, with a few of them', () =>
  assert.deepEqual(
    change(
      'lists: {a: {clients: [192.0.2.1, 192.0.2.2]}, b: {names: [x.example]}, c: {names: []}}',
      'lists: {a: {clients: [192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5, 192.0.2.6]},' +
        ' c: {names: []}, d: {names: [y.example]}, e: {values: []}}',
    ),
    [
      'lists: a changed: 4 added (192.0.2.3, 192.0.2.4, 192.0.2.5, …) and 1 removed (192.0.2.1)',
      'lists: b is removed',
      'lists: d is new: 1 added (y.example)',
      'lists: e is new, and empty',
    ],
  ));

test('an entry that moves from one kind to another is told', () =>
  assert.deepEqual(change('lists: {a: {senders: joe@}}', 'lists: {a: {recipients: joe@}}'), [
    'lists: a changed: 1 added (joe@) and 1 removed (joe@)',
  ]));
