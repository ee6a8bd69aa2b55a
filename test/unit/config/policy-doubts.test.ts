import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from '../../../src/config/load.js';

/** What is said of a configuration, with the line that it is said of. */
function said(listen: string, rules: string) {
  const text = `listen: ${listen}\n${rules}`;
  const { warnings, notes } = parseConfig({ file: 'greymilter.yaml', text });
  const lines = (of: typeof notes): readonly string[] =>
    of.map(({ line, problem }) => `${line ?? 0} ${problem}`);
  return { warnings: lines(warnings), notes: lines(notes) };
}

const RULES = `rules:
  - when: {client: 192.0.2.1}
    then: accept
    headers: {X-A: a}
    footer: bye
  - then: accept
    subject-tag: '[new]'
message-rules:
  - when: {all: [{header: {name: X-Spam}}]}
    then: reject
  - when: {size: {over: 1MiB}}
    then: reject
  - then: accept
    headers: {X-B: b}
`;
const DOUBTS = [
  '10 asks for header, which Postfix shows to no policy service: no rule of message-rules is asked there',
  '6 does nothing where Postfix asks the policy service',
  '8 does nothing where Postfix asks the policy service',
  '15 does nothing where Postfix asks the policy service',
];

describe('rules that want what the policy protocol has not', () => {
  test('are warned of where nothing else is spoken', () => {
    const { warnings, notes } = said("{milter: [], policy: 'inet:10023@127.0.0.1'}", RULES);
    assert.deepEqual(warnings, DOUBTS);
    assert.deepEqual(notes, []);
  });

  test('are noted where the milter is there as well', () => {
    const { warnings, notes } = said("{policy: 'inet:10023@127.0.0.1'}", RULES);
    assert.deepEqual(warnings, []);
    assert.deepEqual(notes, DOUBTS);
  });

  test('so is a name that is to be looked up', () => {
    const listen = "{milter: [], policy: 'inet:10023@127.0.0.1'}";
    assert.deepEqual(said(listen, 'lookups: {unbracket: true}\n').warnings, [
      '2 asks nothing where Postfix asks the policy service',
    ]);
    assert.deepEqual(said(listen, 'lookups: {unbracket: false}\n').warnings, []);
  });

  test('are fine where it is not spoken', () => {
    assert.deepEqual(said("{milter: 'inet:10033@127.0.0.1'}", RULES), { warnings: [], notes: [] });
  });

  test('are not those that it can follow', () => {
    const rules = 'rules: [{then: accept, headers: {X-A: a}, report: seen}]\n';
    const listen = "{milter: [], policy: 'inet:10023@127.0.0.1'}";
    assert.deepEqual(said(listen, rules), { warnings: [], notes: [] });
    const sizes = 'message-rules: [{when: {size: {over: 1MiB}}, then: reject}]\n';
    assert.deepEqual(said(listen, sizes), { warnings: [], notes: [] });
  });
});
