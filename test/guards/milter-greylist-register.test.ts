import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertShown, numbersOf, tableBelow } from './milter-greylist-table.js';

/** In the order of the register: what the test that shows it is called, or a case of it. */
const SHOWN_BY: readonly string[] = [
  'the sender as milter-greylist has it',
  'the sender as milter-greylist has it',
  'is another one in another spelling',
  '1: a first attempt, an early retry, other spellings, acceptance, and what is known',
  'is renewed by each mail, for as long as that mail’s rule says',
  'is forgotten when the window is over since that time',
  'names the reasons in a fixed order, each once',
  "a decision in milter-greylist's words",
  'by what they are called in the file, or by their last line',
  'racl blacklist default msg "%a %A"',
  'racl continue default msg "x" code "550" ecode "5.7.1"',
  'of version 4.6',
  "['spf', { when: { spf: 'pass' } }]",
  'a name that ends so',
  'a sender that ends so',
  'asks nobody once a step does not hold',
  'the historic forms come first, the last of them before the others',
  'SPF not known',
  'just works, and reads the file again when it changes, but for a broken one',
  'puts a bounce off behind DATA, and not what comes after it on the connection',
  '3: recipients and properties of one message do not count for the next',
  '4: what a client says is no format of the log',
  '5: a message that is given up in the middle of a line is gone, and another one comes',
  '6: a rate of less than ten seconds is one like others',
  '7: mx leaves the sender as it is, in decisions and as a triplet',
  'what is not supported',
  '9: content of mail that the first rule let pass is looked at',
  'a list inside',
  'a footer',
  'with times of all kinds',
  'what milter-greylist 4.6.4 refuses',
  'Sender IP whitelisted by MX',
  'a rule that cannot ask all that it wants to is left out, whatever it does',
  'counts together under one name, but no other kind or window',
  '17, 18: a session under way keeps what a reload takes away',
  '19, 20: the directory of the socket is made where it is not there',
  'dumpfreq changes nothing',
  '22: a rule that says greylist makes triplets known as well',
  'is that of milter-greylist: nothing is said of who passes after a delay',
  'one that does not come back',
  'before there is a queue id, of a client without a name',
  'what milter-greylist 4.6.4 refuses',
  'formats of milter-greylist',
  'is answered later, and known once it goes on',
  'dacl greylist',
  'which milter-greylist spells comand',
  'whitelisted mail makes no triplet known, nor renews one',
  'loopback is greylisted like others where no rule says otherwise',
];

const rows = tableBelow('## The quirk register');

describe('the register of milter-greylist\u2019s quirks', () => {
  test('has all that are numbered', () => {
    const quirks = Array.from({ length: 25 }, (_, index) => index + 1);
    assert.deepEqual(numbersOf(rows), quirks);
  });
  test('has a test for each', () => assert.equal(SHOWN_BY.length, rows.length));
  for (const [index, row] of rows.entries())
    test(`says of "${row.what}" what became of it, and which test shows it`, () =>
      assertShown(row, SHOWN_BY[index]));
});
