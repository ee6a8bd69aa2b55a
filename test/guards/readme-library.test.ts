import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable, eventNames } from '../../src/protocols/milter/commands.js';
import { findUndocumentedExports, readHandlerTypes, readStepSymbols } from './handler-contract.js';
import { codeIn, firstColumn, readHandbook } from './readme-text.js';

const { tables } = readHandbook();
const types = readHandlerTypes();
const symbols = readStepSymbols();

/** The row of a handler or a function, by the heads of its columns. */
function rowOf(head: string, name: string): Readonly<Record<string, string>> {
  const table = tables.find((each) => each.head[0] === head);
  const row = table?.rows.find(([first = '']) => first === `\`${name}\``) ?? [];
  return Object.fromEntries((table?.head ?? []).map((title, index) => [title, row[index] ?? '']));
}

describe("The handbook's contract of the handlers", () => {
  test('has every handler and every function of a filter, and no other', () => {
    const named = [...firstColumn(tables, 'handler'), ...firstColumn(tables, 'function')];
    assert.deepEqual([...named].sort(), [...types.keys()].sort());
    assert.deepEqual(firstColumn(tables, 'handler'), eventNames);
  });

  for (const name of eventNames) {
    const row = rowOf('handler', name);
    const spec = commandTable[name];

    test(`${name}: the answers that its type allows`, () =>
      assert.deepEqual([...codeIn(row['answers'] ?? '')].sort(), types.get(name)?.answers));

    test(`${name}: the flags and the version of the command table`, () => {
      const flag = (value: number, none: string): string =>
        value === 0 ? none : `\`${symbols.get(value) ?? ''}\``;
      assert.equal(row['not sent'], flag(spec.suppress, 'always sent'));
      assert.equal(row['not answered'], flag(spec.noReply, 'always answered'));
      assert.equal(row['since'], String(spec.since));
      assert.equal(types.get(name)?.mayObserve, spec.noReply !== 0);
    });

    test(`${name}: its doc comment names the same flags and version`, () => {
      const documentation = types.get(name)?.documentation.replaceAll('\n', ' ') ?? '';
      const flags = [spec.suppress, spec.noReply].flatMap((value) => symbols.get(value) ?? []);
      assert.deepEqual(documentation.match(/SMFIP_\w+/g) ?? [], flags);
      assert.match(documentation, new RegExp(`\\bversion ${spec.since} on\\b`));
    });
  }

  for (const name of firstColumn(tables, 'function')) {
    test(`${name}: what its type returns`, () => {
      const { answers } = types.get(name) ?? { answers: undefined };
      const returns = rowOf('function', name)['returns'] ?? '';
      const named = codeIn(returns).filter((word) => word !== 'session');
      assert.deepEqual([...named].sort(), answers);
    });
  }
});

test('every export of greymilter/milter is documented', () =>
  assert.deepEqual(findUndocumentedExports(), []));
