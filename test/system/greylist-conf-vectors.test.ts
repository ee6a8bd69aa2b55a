import { describe } from 'node:test';
import {
  GO_AWAY,
  PASSES,
  comeBackIn,
  testVectors,
  to,
  type Vector,
} from './greylist-conf-vector.js';

const VECTORS: readonly Vector[] = [
  {
    name: 'rcptcount: who was refused is not counted',
    conf: `racl blacklist rcpt bad@r.example
racl blacklist rcptcount >= 2 msg "many"
racl whitelist default`,
    attempts: [{ to: to('1', 'bad', '2', '3'), told: `250, ${GO_AWAY}, 250, 551 5.7.1 many; 250` }],
  },
  {
    name: 'rcptcount: who has to wait is not counted',
    conf: `racl blacklist rcptcount > 0
racl whitelist rcpt w@r.example
racl greylist default delay 10s`,
    attempts: [
      {
        to: to('1', '2', 'w', '3'),
        told: `${comeBackIn('00:00:10')}, ${comeBackIn('00:00:10')}, 250, ${GO_AWAY}; 250`,
      },
    ],
  },
  {
    name: 'rcptcount: begins anew with each mail, and counts who gets it in the end',
    conf: 'racl blacklist rcpt x@r.example\nracl whitelist default\ndacl blacklist rcptcount > 1',
    attempts: [
      { to: to('x', '1'), told: `${GO_AWAY}, 250; 250` },
      { to: to('1', '2'), told: `250, 250; ${GO_AWAY}` },
    ],
  },
  {
    name: 'ratelimit of data: the bytes of messages that nobody looks at',
    conf: `ratelimit "d" data 1k / 1h key "%i"
racl whitelist default
dacl blacklist ratelimit "d"`,
    attempts: [
      { told: PASSES },
      { body: 'a line of a message\r\n'.repeat(60), told: `250; ${GO_AWAY}` },
      { ip: '192.0.2.11', told: PASSES },
    ],
  },
  {
    name: 'domainexact: a dot before a name',
    conf: 'domainexact\nracl blacklist domain .example.net\nracl whitelist default',
    attempts: [
      { told: GO_AWAY },
      { name: 'example.net', told: PASSES },
      { name: 'badexample.net', told: PASSES },
    ],
  },
  {
    name: 'a text that shows its codes',
    conf: `racl blacklist from /^<b/ code "554" ecode "5.3.3" msg "%Xc %Xe"
racl greylist default msg "%Xc (%Xe) %R" delay 10s`,
    attempts: [
      { from: '<b@s.example>', told: '554 5.3.3 554 5.3.3' },
      { told: '451 4.7.1 451 (4.7.1) 00:00:10' },
    ],
  },
  {
    name: 'a code of 4xx leaves the text of who is blacklisted',
    conf: `racl continue from c@s.example msg "not now"
racl blacklist rcpt /^<b/ code "450"
racl blacklist default code "452" ecode "4.3.0" msg "later"`,
    attempts: [
      { from: '<c@s.example>', told: '450 4.7.1 not now' },
      { to: to('x'), told: '452 4.3.0 later' },
    ],
  },
  {
    name: 'a code of 4xx, and no text anywhere',
    conf: 'racl blacklist default code "450"',
    attempts: [{ told: '450 4.7.1 Go away!' }],
  },
  {
    name: 'a rule over several lines is known by its last one',
    conf: `racl continue default report "%cA %a"
racl blacklist \\
  from b@s.example \\
  msg "rule %a %A %cA"
racl whitelist default`,
    attempts: [
      { from: '<b@s.example>', told: '551 5.7.1 rule 5 5 5' },
      { told: PASSES, says: '2 6' },
    ],
  },
  {
    name: 'historic line is inserted at head',
    conf: `racl blacklist addr 192.0.2.0/24
addr 192.0.2.10`,
    attempts: [{ told: PASSES }, { ip: '192.0.2.11', told: GO_AWAY }],
  },
  {
    name: 'testmode leaves explicit rules',
    conf: `testmode
racl greylist rcpt g@r.example`,
    attempts: [{ to: to('g'), told: comeBackIn('00:30:00') }, { told: PASSES }],
  },
  {
    name: 'state of continue starts anew for each recipient',
    conf: `racl continue rcpt one@r.example msg "for one"
racl blacklist default`,
    attempts: [{ to: to('one', 'two'), told: '551 5.7.1 for one, 551 5.7.1 Go away!' }],
  },
  {
    name: 'later continue overrides an earlier',
    conf: `racl continue addr 192.0.2.0/24 msg "one" ecode "5.1.1"
racl continue from a@s.example msg "two"
racl blacklist default`,
    attempts: [
      { told: '551 5.1.1 two' },
      { from: '<q@s.example>', told: '551 5.1.1 one' },
      { ip: '10.0.0.1', from: '<q@s.example>', told: GO_AWAY },
    ],
  },
  {
    name: 'negation holds for the next clause only',
    conf: `racl blacklist not addr 192.0.2.10 from a@s.example
racl whitelist default`,
    attempts: [
      { told: PASSES },
      { ip: '192.0.2.11', told: GO_AWAY },
      { ip: '192.0.2.11', from: '<z@s.example>', told: PASSES },
    ],
  },
  {
    name: 'domain list of the three kinds',
    conf: `list "d" domain { 163.com /foo$/ .bar.org }
racl blacklist list "d"
racl whitelist default`,
    attempts: [
      { name: 'mx163.com', helo: 'client.example.net', told: GO_AWAY },
      { name: 'mail.foo', helo: 'client.example.net', told: GO_AWAY },
      { name: 'foo.example', helo: 'client.example.net', told: PASSES },
      { name: 'x.bar.org', helo: 'client.example.net', told: GO_AWAY },
      { name: 'bar.org', helo: 'client.example.net', told: PASSES },
      { name: 'X.BAR.ORG', helo: 'client.example.net', told: GO_AWAY },
    ],
  },
  {
    name: 'an auth list leaves the bypass on',
    conf: `list "a" auth { "bob" /^eve/ }
racl blacklist list "a"`,
    attempts: [
      {
        macros: { '{auth_authen}': 'bob' },
        told: PASSES,
        says: 'Sender succeeded SMTP AUTH, not delayed by',
      },
      { told: comeBackIn('00:30:00') },
    ],
  },
  {
    name: 'sm_macro list',
    conf: `sm_macro "w" "{trust}" "yes"
sm_macro "u" "{client_name}" unset
list "m" sm_macro { "w" "u" }
racl whitelist list "m"
racl blacklist default`,
    attempts: [
      { macros: { '{trust}': 'yes', '{client_name}': 'x' }, told: PASSES },
      { macros: { '{trust}': 'no', '{client_name}': 'x' }, told: GO_AWAY },
      { macros: { '{trust}': 'no' }, told: PASSES },
    ],
  },
  {
    name: '# glued to an address belongs to it',
    conf: `racl whitelist from a#b@s.example # remark
racl blacklist default`,
    attempts: [{ from: '<a#b@s.example>', told: PASSES }, { told: GO_AWAY }],
  },
  {
    name: 'a remark does not continue',
    conf: '# off \\\nracl blacklist default',
    attempts: [{ told: GO_AWAY }],
  },
  {
    name: 'an empty line ends a continued statement',
    conf: 'racl greylist default delay 3m \\\n\nracl blacklist default',
    attempts: [{ told: comeBackIn('00:03:00') }],
  },
];

describe('the rules of a greylist.conf decide as its description says', () => testVectors(VECTORS));
