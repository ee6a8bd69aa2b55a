import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requireFilter } from '../../../src/setup/sendmail-cf.js';
import {
  chooseForSendmail,
  sendmailLine,
  withFilter,
  withoutFilter,
} from '../../../src/setup/sendmail-mc.js';

const unix = { kind: 'unix', path: '/run/g/m' } as const;
const inet = { kind: 'inet', host: '127.0.0.1', port: 1, family: 4 } as const;
const line = sendmailLine(unix, true);

const isCode = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof Error &&
  'code' in error &&
  error.code === `SETUP_${code}` &&
  message.test(error.message);

describe('the line for sendmail.mc', () => {
  test('with and without our feature', () => {
    assert.equal(line, "FEATURE(`greymilter', `unix:/run/g/m')dnl");
    assert.equal(
      sendmailLine(inet, false),
      "INPUT_MAIL_FILTER(`greymilter', `S=inet:1@127.0.0.1, T=C:10s;S:10s;R:10s;E:1m')dnl",
    );
  });

  test('a Unix socket before a port', () => {
    assert.equal(chooseForSendmail([inet, unix]), unix);
    assert.equal(chooseForSendmail([inet]), inet);
    assert.throws(() => chooseForSendmail([]), isCode('UNREACHABLE', /is empty/));
  });

  const places: readonly (readonly [name: string, before: string, after: string])[] = [
    ['MAILER', '', "MAILER(`smtp')dnl\n"],
    ['another filter', "OSTYPE(`linux')\n", "INPUT_MAIL_FILTER(`a', `S=b')\nMAILER(`smtp')\n"],
    ['MAILER_DEFINITIONS', "dnl MAILER(`no')\n", "MAILER_DEFINITIONS\nMAILER(`smtp')dnl\n"],
  ];
  for (const [name, before, after] of places)
    test(`stands above ${name}`, () => {
      const mc = withFilter(before + after, line);
      assert.match(mc.slice(before.length), /^dnl .*--undo:\nFEATURE.*dnl\n/);
      assert.ok(mc.startsWith(before) && mc.endsWith(after));
      assert.equal(withFilter(mc, line), mc);
      assert.equal(withoutFilter(mc), before + after);
      // Somewhere else by now.
      assert.equal(withoutFilter(withFilter(mc, sendmailLine(inet, true))), before + after);
    });

  test('has no place', () => {
    const cases: readonly (readonly [mc: string, message: RegExp])[] = [
      ['', /has no MAILER line/],
      ["FEATURE(`greymilter')\nMAILER(`a')\n", /names greymilter already/],
      ["define(`confINPUT_MAIL_FILTERS', `a')\nMAILER(`a')\n", /defines confINPUT_MAIL_FILTERS/],
    ];
    for (const [mc, message] of cases)
      assert.throws(() => withFilter(mc, line), isCode('NOT_UNDERSTOOD', message));
  });
});

test('a sendmail.cf that asks the filter first', () => {
  requireFilter('O InputMailFilters=greymilter, a\nXgreymilter, S=b\n');
  for (const [cf, message] of [
    ['', /would ask no filter first/],
    ['O InputMailFilters=a, greymilter\nXgreymilter, S=b\n', /would ask a first/],
  ] as const)
    assert.throws(() => requireFilter(cf), isCode('NOT_UNDERSTOOD', message));
});
