import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readGreylistConf } from '../../../../src/config/greylist-conf/read.js';
import type { GreylistConfOptions } from '../../../../src/config/greylist-conf/read.js';
import { valueAt } from '../../../../src/config/origins.js';

/** Without the exemption by SPF, which is a rule of its own. */
function read(text: string, { flags = ['nospf'], ...options }: GreylistConfOptions = {}) {
  return readGreylistConf(`${text}\n`, { ...options, flags });
}

/** What stands there, as plain data. */
function at(
  text: string,
  path: readonly (string | number)[],
  options?: GreylistConfOptions,
): unknown {
  const { value, problems } = read(text, options);
  assert.deepEqual(problems, []);
  return JSON.parse(JSON.stringify(valueAt(value, path) ?? null));
}

/** What is told of a text, each as the line and what is said. */
function toldOf(text: string, options?: GreylistConfOptions): readonly string[] {
  return read(text, options).findings.map(
    ({ place, subject, problem }) => `${place.line} ${subject} ${problem}`,
  );
}

describe('what `continue` leaves to rules behind it', () => {
  const rulesOf = (...lines: readonly string[]): unknown => at(lines.join('\n'), ['rules']);

  test('is a header field, unless they have one of their own: there is only one there', () => {
    const text = [
      'racl continue default addheader "X-A: 1"',
      'racl continue addr 192.0.2.1 addheader "X-B: 2"',
      'racl continue addr 192.0.2.2 addheader "x-a: 3"',
      'racl whitelist addr 192.0.2.3',
      'racl whitelist addr 192.0.2.4 addheader "X-C: 4"',
      'racl continue default addheader "X-D: 5"',
      'racl whitelist default addheader "X-E: 6" , 1',
    ];
    const all = rulesOf(...text);
    assert.ok(Array.isArray(all));
    assert.deepEqual(
      all.map((rule: unknown) => valueAt(rule, ['headers'])),
      [
        { 'X-A': '1' },
        { 'X-A': null, 'X-B': '2' },
        { 'X-B': null, 'x-a': '3' },
        undefined,
        { 'X-B': null, 'x-a': null, 'X-C': '4' },
        { 'X-B': null, 'x-a': null, 'X-D': '5' },
        { 'X-D': null, 'X-E': { value: '6', at: 1 } },
      ],
    );
  });

  test('is nothing to rules of the other stage, and none that is no header field', () => {
    const text =
      'racl continue default addheader "X-A: 1"\ndacl whitelist default addheader "X-B: 2"';
    assert.deepEqual(at(text, ['message-rules', 0, 'headers']), { 'X-B': '2' });
    const odd = 'racl continue default addheader "odd"\nracl whitelist default addheader "X-B: 2"';
    assert.deepEqual(at(odd, ['rules', 1, 'headers']), { 'X-B': '2' });
  });

  for (const [before, then, about] of [
    [['default code "451"'], 'tempfail'],
    [['default code "421"'], 'tempfail'],
    [['default code "550"'], 'reject'],
    [['default code "451"', 'default code "550"'], 'reject'],
    [['default code "550"', 'default code "451"'], 'tempfail'],
    [['default code "450"', 'addr 192.0.2.1 code "451"'], 'tempfail'],
    [['addr 192.0.2.1 code "451"'], 'reject', 'line 1 has set the code "451"'],
    [['default code "550"', 'addr 192.0.2.1 code "451"'], 'reject', 'line 2 has set'],
    [['default code "451"', 'addr 192.0.2.1 code "550"'], 'reject', 'line 1 has set'],
    [['default msg "x"'], 'reject'],
  ] as const)
    test(`is whether who is blacklisted is put off for now: ${before.join('; ')}`, () => {
      const rules = before.map((rule) => `racl continue ${rule}`);
      const text = [...rules, 'racl blacklist default'].join('\n');
      assert.equal(at(text, ['rules', before.length, 'then']), then);
      const told = toldOf(text).filter((line) => line.includes('blacklist'));
      assert.equal(told.length, about === undefined ? 0 : 1);
      assert.ok(
        told.every((line) => line.includes(about ?? '')),
        told.join('\n'),
      );
      // A code of its own says it.
      const own = text.replace(/default$/, 'default code "554"');
      assert.equal(at(own, ['rules', before.length, 'then']), 'reject');
    });
});
