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
    name: 'CRLF is no part of a token',
    conf: 'list "f" from { \\\r\n a@s.example \\ # x\r\n }\r\nracl blacklist list "f" msg "crlf"\r\n# end\r\nracl greylist default delay 4m\r',
    attempts: [{ told: '551 5.7.1 crlf' }, { from: '<z@s.example>', told: comeBackIn('00:04:00') }],
  },
  {
    name: '/0 is its family only',
    conf: `racl blacklist addr 0.0.0.0/0
racl whitelist default`,
    attempts: [{ told: GO_AWAY }, { ip: '2001:db8::1', told: PASSES }],
  },
  {
    name: 'subnetmatch /25',
    conf: `subnetmatch /25
greylist 10s`,
    attempts: [
      { ip: '192.0.2.1', told: comeBackIn('00:00:10') },
      { at: 10, ip: '192.0.2.128', told: comeBackIn('00:00:10') },
      { at: 10, ip: '192.0.2.127', told: PASSES },
      { at: 11, ip: '192.0.2.1', told: PASSES, says: 'IP, sender and recipient auto-whitelisted' },
    ],
  },
  {
    name: 'a tag before = is no part of the tuple',
    conf: 'greylist 10s',
    attempts: [
      { from: '<prvs=1111=alice@s.example>', told: comeBackIn('00:00:10') },
      { at: 10, from: '<prvs=2222=alice@s.example>', told: PASSES },
      { at: 11, from: '<alice@s.example>', told: PASSES },
    ],
  },
  {
    name: 'two rcpt clauses at DATA: any accepted recipient each',
    conf: `racl whitelist default
dacl blacklist rcpt a@r.example rcpt b@r.example`,
    attempts: [
      { to: to('a', 'b'), told: '250, 250; 551 5.7.1 Go away!' },
      { to: to('a', 'c'), told: '250, 250; 250' },
    ],
  },
  {
    name: 'dacl not rcpt: none of them',
    conf: `racl whitelist default
dacl blacklist not rcpt b@r.example`,
    attempts: [
      { to: to('b', 'c'), told: '250, 250; 250' },
      { to: to('c'), told: '250; 551 5.7.1 Go away!' },
    ],
  },
  {
    name: 'a backslash in brackets is itself',
    conf: 'racl blacklist from /^<a[\\d]b@/\nracl whitelist default',
    attempts: [
      { from: '<adb@s.example>', told: GO_AWAY },
      { from: '<a\\b@s.example>', told: GO_AWAY },
      { from: '<a5b@s.example>', told: PASSES },
    ],
  },
  {
    name: 'extended holds from its line on',
    conf: `racl blacklist from /^<a+b@/
extendedregex
racl blacklist from /^<c+d@/
racl whitelist default`,
    attempts: [
      { from: '<aab@s.example>', told: PASSES },
      { from: '<a+b@s.example>', told: GO_AWAY },
      { from: '<ccd@s.example>', told: GO_AWAY },
      { from: '<c+d@s.example>', told: PASSES },
    ],
  },
  {
    name: 'a tls clause anywhere turns both bypasses off',
    conf: `racl greylist default
racl whitelist tls "/CN=never"`,
    attempts: [
      { macros: { '{auth_authen}': 'bob' }, told: comeBackIn('00:30:00') },
      { macros: { '{verify}': 'OK', '{cert_subject}': '/CN=never' }, told: comeBackIn('00:30:00') },
    ],
  },
  {
    name: 'refresh by the rule that matched now',
    conf: `greylist 1s
autowhite 100s
racl greylist helo "short" autowhite 5s
racl greylist default`,
    attempts: [
      { told: comeBackIn('00:00:01') },
      { at: 1, told: PASSES },
      { at: 2, helo: 'short', told: PASSES },
      { at: 8, told: comeBackIn('00:00:01') },
    ],
  },
  {
    name: 'the delay of a record stays',
    conf: `racl greylist helo "slow" delay 100s
racl greylist default delay 10s`,
    attempts: [
      { helo: 'slow', told: comeBackIn('00:01:40') },
      { at: 20, told: comeBackIn('00:01:20') },
      { at: 100, told: PASSES },
    ],
  },
  {
    name: 'autowhite of the rule, refreshed by each hit',
    conf: `greylist 1s
autowhite 1d
racl greylist default autowhite 10s`,
    attempts: [
      { told: comeBackIn('00:00:01') },
      { at: 1, told: PASSES },
      { at: 11, told: PASSES },
      { at: 21, told: PASSES },
      { at: 32, told: comeBackIn('00:00:01') },
    ],
  },
  {
    name: 'after the timeout it is a first attempt',
    conf: `greylist 10s
timeout 5s`,
    attempts: [{ told: comeBackIn('00:00:10') }, { at: 16, told: comeBackIn('00:00:10') }],
  },
  {
    name: 'lazyaw under a mask',
    conf: `lazyaw
subnetmatch /24
greylist 10s`,
    attempts: [
      { told: comeBackIn('00:00:10') },
      { at: 10, told: PASSES },
      { at: 11, ip: '192.0.2.200', from: '<n@s.example>', told: PASSES },
    ],
  },
  {
    name: 'blacklisted mail keeps no record and spares none',
    conf: `racl blacklist helo "bad"
racl greylist default delay 10s`,
    attempts: [
      { told: comeBackIn('00:00:10') },
      { at: 10, told: PASSES },
      { at: 11, helo: 'bad', told: GO_AWAY },
      { at: 12, told: PASSES },
    ],
  },
  {
    name: 'rset goes with the next recipient',
    conf: `racl continue rset $n += 1
racl blacklist $n > 1
racl whitelist default`,
    attempts: [{ to: to('1', '2', '3'), told: '250, 250, 250; 250' }],
  },
  {
    name: 'a missing property: number form no match, other form 0',
    conf: `racl blacklist $a < 5 msg "one"
racl continue set $b = 1
racl blacklist $a < $b msg "two"
racl whitelist default`,
    attempts: [{ told: '551 5.7.1 two' }],
  },
  {
    name: 'property of dacl from racl',
    conf: `racl continue set $w = "%sf"
racl whitelist default
dacl blacklist $w "s.example"`,
    attempts: [{ told: '250; 551 5.7.1 Go away!' }, { from: '<a@t.example>', told: PASSES }],
  },
  {
    name: 'ratelimit of sessions: a second recipient costs nothing',
    conf: `ratelimit "s" session 1 / 1h key "%i"
racl blacklist ratelimit "s"
racl whitelist default`,
    attempts: [
      { to: to('1', '2'), told: '250, 250; 250' },
      { at: 5, told: GO_AWAY },
    ],
  },
  {
    name: 'clauses left of ratelimit decide what is counted',
    conf: `ratelimit "r" rcpt 1 / 1h
racl blacklist from a@s.example ratelimit "r"
racl whitelist default`,
    attempts: [
      { from: '<z@s.example>', told: PASSES },
      { from: '<z@s.example>', told: PASSES },
      { told: PASSES },
      { told: GO_AWAY },
    ],
  },
  {
    name: 'report of continue goes with greylist pass',
    conf: `racl continue default report "told"
racl greylist default delay 5s`,
    attempts: [{ told: comeBackIn('00:00:05') }, { at: 5, told: PASSES, says: 'told' }],
  },
  {
    name: 'dacl greylist behind a specific whitelist accepts',
    conf: `racl whitelist addr 192.0.2.10
dacl greylist default delay 5s`,
    attempts: [{ told: PASSES }],
  },
  {
    name: 'items without @',
    conf: 'racl blacklist default msg "%f|%mf|%sf|"',
    attempts: [
      { from: '<>', told: '551 5.7.1 |||' },
      { from: '<post>', told: '551 5.7.1 post|post|post|' },
    ],
  },
  {
    name: 'groups of two clauses: the last first',
    conf: 'racl blacklist from /^<\\([^@]*\\)@/ rcpt /@\\(.*\\)>/ msg "%g{\\1} %g{\\2}"',
    attempts: [{ told: '551 5.7.1 r.example a' }],
  },
  {
    name: 'remaining and elapsed',
    conf: 'racl greylist default delay 3725s msg "%R %Rt %E %Et"',
    attempts: [
      { told: '451 4.7.1 01:02:05 3725 00:00:00 0' },
      { at: 25, told: '451 4.7.1 01:01:40 3700 00:00:25 25' },
    ],
  },
];

describe('times, texts and messages of a greylist.conf are as its description says', () =>
  testVectors(VECTORS));
