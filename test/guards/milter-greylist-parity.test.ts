import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertShown, numbersOf, tableBelow } from './milter-greylist-table.js';

/** In the order of the table: what the test that shows it is called, or a case of it. */
const SHOWN_BY: readonly string[] = [
  'has comments, tabs, empty lines and letters of any case',
  "'quiet\\r\\n'",
  'say \\"hi\\"',
  'without a unit',
  'as root runs as the user that the file names',
  "describe('settings', () => {",
  '5: a client is its /24',
  'is taken over at the first start, and only then',
  'of version 4.6',
  'with times of all kinds',
  '4: lazyaw, a known triplet',
  'names the reasons in a fixed order, each once',
  'lists of every kind let pass',
  'lists of what is asked let pass whom they have',
  'a list of logins has whom it names, by text and by pattern',
  'a first attempt is put off in its words',
  'the historic forms come first',
  'a clause becomes a condition',
  'rawfrom a@example.net',
  'POSIX regular expressions in our pattern language',
  'what a rule does',
  'stand where they are to stand',
  'is encoded as the body is',
  'have all values that there are',
  'formats of milter-greylist',
  'are written for each decision',
  'sm_macro "plain"',
  '8: who has logged in passes',
  'what its access map marks by {greylist} passes',
  'senders pass by SPF before all rules',
  'dnsrbl "d" list.test',
  'geoip "FR"',
  'rates: the third recipient within a minute',
  'a message is refused by a dacl',
  'dacl greylist',
  '9: content of mail that the first rule let pass',
  'delayedreject puts the null sender off',
  'does not wait for a refusal where rules say so',
  'time "0-30 8-16/2 1,15 * 1-5"',
  'the condition property',
  'a web server decides',
  'a directory lets pass whom it has',
  '7: mx leaves the sender as it is',
  'DKIM: a good signature is seen',
  'what is not supported',
  '4: what a client says is no format',
  'peer is not told of anything',
  'what is not supported',
  "a decision in milter-greylist's words",
  "'logexpired'",
  'unbracket\\nnospf',
  'testmode lets pass what no rule matches',
  'just works, and reads the file again when it changes',
  'checks a file, and ends as milter-greylist does',
  '5: a client is its /24, also when it is mapped',
  'the sender as milter-greylist has it',
  '324',
  '1: a first attempt, an early retry, other spellings',
  '1: a first attempt, an early retry',
  'is renewed by each mail',
  'replies and the header have the words',
  'has several lines',
  'without rules for it there are no header and body events',
  'it knows everything that it answered',
  'a list inside',
  'a rule that cannot ask all that it wants to is left out',
];

const rows = tableBelow('## All that it can');

describe('all that milter-greylist can', () => {
  test('is in the table, by its number', () => {
    const parts = Array.from({ length: 64 }, (_, index) => index + 1);
    assert.deepEqual([...new Set(numbersOf(rows))], parts);
  });
  test('has a test for each', () => assert.equal(SHOWN_BY.length, rows.length));
  for (const [index, row] of rows.entries())
    test(`says of "${row.what}" what became of it, and which test shows it`, () =>
      assertShown(row, SHOWN_BY[index]));
});
