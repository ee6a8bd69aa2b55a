import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { postgreySender } from '../../../src/mail/postgrey-sender.js';

/** What Postgrey 1.37 has stored for these senders, and what follows from its rule. */
const cases: readonly (readonly [name: string, sender: string, stored: string])[] = [
  ['an extension', 'list+foo-123-x@d', 'list@d'],
  ['digits between word boundaries', 'bounce-12-34.56_78a-99@d', 'bounce-#-#.56_78a-#@d'],
  ['digits alone', '4915112345678@d', '#@d'],
  ['digits in the domain, which stay', 'a-1@mail-2.d', 'a-#@mail-2.d'],
  ['a tag before the user', 'prvs=0123456789=bob@d', 'bob@d'],
  ['a tag behind the user', 'prvs=bob=0123456789@d', 'bob@d'],
  ['two tags', 'prvs=0123456789=abcdefghij@d', 'abcdefghij@d'],
  ['no tag', 'prvs=joe=bob@d', 'bob@d'],
  ['what only begins like a tag', 'prvs=bob=0123456789xyz@d', 'bob@d'],
  ['too many parts', 'prvs=0123456789=bob=x@d', 'prvs=#=bob=x@d'],
  ['too few parts', 'prvs=bob@d', 'prvs=bob@d'],
  ['a tag and an extension', 'prvs=0123456789=bob+x-1@d', 'bob@d'],
  ['SRS', 'SRS0=HHH=TT=dom.tld=user@fwd', 'srs0=hhh=tt=dom.tld=user@fwd'],
  [
    'Amazon SES, of which only decimal groups go',
    '0100015ac4b5d6e7-13d5c0a8-a6df-4c3b-9e8f-0123456789ab-000000@ses.d',
    '0100015ac4b5d6e7-13d5c0a8-a6df-4c3b-9e8f-0123456789ab-#@ses.d',
  ],
  ['SparkPost', 'msprvs1=17234abc=bounces-1@d', 'msprvs1=17234abc=bounces-#@d'],
  ['Barracuda', 'btv1==012abc==joe@d', 'btv1==012abc==joe@d'],
  ['the null sender', '', ''],
  ['no domain', 'Local-1', 'local-1'],
  ['upper case in both', 'Bob@D', 'bob@d'],
  ['letters of other scripts, which are no word', 'É1@D', 'É#@d'],
  ['two at signs', '"a@b+c-1"@d', '"a@b+c-1"@d'],
  ['nothing before the extension', '+x@d', '@d'],
];

describe("Postgrey's spelling of a sender", () => {
  for (const [name, sender, stored] of cases) {
    test(`${name}: ${sender}`, () => assert.equal(postgreySender(sender), stored));
  }
});
