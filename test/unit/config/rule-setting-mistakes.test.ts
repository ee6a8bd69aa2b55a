import { describeMistakes } from './issues-of.js';

describeMistakes('actions and settings that do not go together', [
  [
    'rules:\n  - then: accept\n    delay: 5m',
    [
      'g.yaml:3:5',
      'rules.delay: does nothing where a rule says accept',
      'only mail that is greylisted waits: write then: greylist',
    ],
  ],
  [
    'rules:\n  - then: accept\n    code: 250',
    [
      'g.yaml:3:5',
      'rules.code: does nothing where a rule says accept',
      'the client gets no reply of ours',
    ],
  ],
  [
    'rules:\n  - then: accept\n    mode: shadow',
    [
      'g.yaml:3:5',
      'rules.mode: does nothing where a rule says accept',
      'mail passes in every mode',
    ],
  ],
  [
    'rules:\n  - then: reject\n    autowhite: 5d',
    [
      'g.yaml:3:5',
      'rules.autowhite: does nothing where a rule says reject',
      'only mail that is greylisted waits: write then: greylist',
    ],
  ],
  [
    'rules:\n  - then: reject\n    headers: {X-A: b}',
    [
      'g.yaml:3:5',
      'rules.headers: does nothing where a rule says reject',
      'this mail is delivered to nobody',
    ],
  ],
  [
    'rules:\n  - then: discard\n    text: gone',
    [
      'g.yaml:3:5',
      'rules.text: does nothing where a rule says discard',
      'the client gets no reply of ours',
    ],
  ],
  [
    'rules:\n  - then: quarantine',
    [
      'g.yaml:2:11',
      'rules.then: cannot be quarantine here',
      'put the rule under message-rules: mail can be quarantined once it is there',
    ],
  ],
  [
    'message-rules:\n  - then: reject\n    stage: data',
    [
      'g.yaml:3:5',
      'message-rules.stage: does nothing here',
      'message-rules are asked when the message is there: remove it',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    stage: connect',
    [
      'g.yaml:3:12',
      'rules.stage: cannot be connect where a rule says greylist',
      'greylisting needs the sender and the recipient: write rcpt or data',
    ],
  ],
  [
    'rules:\n  - then: discard\n    stage: helo',
    [
      'g.yaml:3:12',
      'rules.stage: cannot be helo where a rule says discard',
      'before MAIL there is nothing to discard: write mail or rcpt or data',
    ],
  ],
  [
    'rules:\n  - then: tempfail\n    code: 550',
    [
      'g.yaml:3:11',
      'rules.code: must be a code from 400 to 459',
      'only a 4xx reply makes the client come back; 451 is customary',
    ],
  ],
  [
    'rules:\n  - then: tempfail\n    code: 421',
    [
      'g.yaml:3:11',
      'rules.code: must not be 421',
      'it closes the whole SMTP connection, good recipients included: use 450 or 451',
    ],
  ],
  [
    'rules:\n  - then: reject\n    code: 451',
    [
      'g.yaml:3:11',
      'rules.code: must be a code from 500 to 559',
      'only a 5xx reply refuses for good; 550 is customary',
    ],
  ],
  [
    'rules:\n  - then: reject\n    code: 600',
    [
      'g.yaml:3:11',
      'rules.code: must be a code from 500 to 559',
      'only a 5xx reply refuses for good; 550 is customary',
    ],
  ],
  [
    "rules:\n  - then: reject\n    code: '550'",
    [
      'g.yaml:3:11',
      'rules.code: must be a reply code such as 451, or 550 to reject',
      'write it without quotes',
    ],
  ],
  [
    'rules:\n  - then: reject\n    enhanced: 4.7.1',
    [
      'g.yaml:3:15',
      'rules.enhanced: must start with 5 where a rule says reject',
      'as the reply code does: 5.7.1',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    enhanced: 5.7.1',
    [
      'g.yaml:3:15',
      'rules.enhanced: must start with 4 where a rule says greylist',
      'as the reply code does: 4.7.1',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    enhanced: 4.7',
    [
      'g.yaml:3:15',
      'rules.enhanced: must be an enhanced status code such as 4.7.1',
      'put it in quotes: "4.7"',
    ],
  ],
  [
    'rules:\n  - then: reject\n    enhanced: 2.0.0',
    [
      'g.yaml:3:15',
      'rules.enhanced: is not an enhanced status code',
      'write 4.x.y or 5.x.y, as in 4.7.1',
    ],
  ],
  [
    'rules:\n  - then: reject\n    text: come back in {wait} seconds',
    [
      'g.yaml:3:11',
      'rules.text: has {wait}, which is known only where a rule says greylist',
      'nobody waits here: leave it out',
    ],
  ],
  [
    'rules:\n  - then: tempfail\n    text: come back in {remaining}',
    [
      'g.yaml:3:11',
      'rules.text: has {remaining}, which is known only where a rule says greylist',
      'nobody waits here: leave it out',
    ],
  ],
  [
    "rules:\n  - then: reject\n    text: '{nam}'",
    [
      'g.yaml:3:11',
      'rules.text: has an unknown placeholder {nam}',
      'there are {wait}, {minutes}, {remaining}, {delay}, {client}, {name}, {from}, {to}, {domain}, {id}, {host}, {dnsbl}, and those of any text, such as {sender} or {helo}',
    ],
  ],
  [
    'rules:\n  - then: reject\n    text: {name} is not welcome',
    [
      'g.yaml:3:18',
      'this is not YAML (unexpected scalar at node end)',
      "put the value in single quotes: '{name} is not welcome'",
    ],
  ],
  [
    'rules:\n  - then: reject\n    text: "a\\nb"',
    ['g.yaml:3:11', 'rules.text: has more than one line', 'write it on one'],
  ],
  [
    "rules:\n  - then: reject\n    text: ''",
    ['g.yaml:3:11', 'rules.text: is empty', 'leave it out for the usual words'],
  ],
  [
    'rules:\n  - then: reject\n    text: Grüße',
    ['g.yaml:3:11', 'rules.text: has a character that is not printable US-ASCII', 'MTAs garble it'],
  ],
  [
    'rules:\n  - then: tempfail\n    mode: learn',
    [
      'g.yaml:3:11',
      'rules.mode: cannot be learn where a rule says tempfail',
      'there is nothing to learn: write shadow to let it pass and log it',
    ],
  ],
  [
    'rules:\n  - then: continue\n    code: 550\n    enhanced: 4.7.1',
    [
      'g.yaml:4:15',
      'rules.enhanced: must start with 5 where a rule says continue',
      'as the reply code does: 5.7.1',
    ],
  ],
  [
    'rules:\n  - then: continue\n    forget: network',
    ['g.yaml:3:13', 'rules.forget: must be client', undefined],
  ],
  [
    'rules:\n  - then: continue\n    set: {a b: x}',
    [
      'g.yaml:3:11',
      'rules.set.a b: is not the name of a property',
      'write letters, digits, dashes and underscores',
    ],
  ],
  [
    'rules:\n  - then: continue\n    set: {a: {add: 1, to: x}}',
    ['g.yaml:3:14', 'rules.set.a: needs one of to, add and subtract', 'write {add: 1}'],
  ],
  [
    'rules:\n  - then: greylist\n    delay: 5',
    ['g.yaml:3:12', 'rules.delay: needs a unit', 'write the unit: 5s, 5m, 5h or 5d'],
  ],
  [
    'rules:\n  - then: greylist\n    delay: 0s',
    [
      'g.yaml:3:12',
      'rules.delay: must be at least 1s',
      'to wait for nothing is `then: accept`, and after a day senders warn their users or give up',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    delay: 2d',
    [
      'g.yaml:3:12',
      'rules.delay: must be at most 1d',
      'to wait for nothing is `then: accept`, and after a day senders warn their users or give up',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    delay: 10m\n    retry-window: 5m',
    [
      'g.yaml:4:19',
      'rules.retry-window: must be longer than delay',
      'otherwise no retry would ever be in time',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    delay: 10m\n    autowhite: 5m',
    [
      'g.yaml:4:16',
      'rules.autowhite: must not be shorter than delay',
      'otherwise what passed is forgotten sooner than it passed',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    retry-window: 2m',
    [
      'g.yaml:3:19',
      'rules.retry-window: must be longer than greylist.delay (3m)',
      'no retry would ever be in time: set delay in the rule as well',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    network: {ipv4: 33}',
    [
      'g.yaml:3:21',
      'rules.network.ipv4: must be at most 32',
      'no network wider than a /8 belongs to one sender, and an address has 32 bits',
    ],
  ],
  [
    'rules:\n  - then: greylist\n    network: 24',
    ['g.yaml:3:14', 'rules.network: must be a mapping', undefined],
  ],
  [
    'rules:\n  - then: greylist\n    stage: eom',
    ['g.yaml:3:12', 'rules.stage: must be connect, helo, mail, rcpt or data', undefined],
  ],
  [
    'rules:\n  - then: greylist\n    log: notice',
    ['g.yaml:3:10', 'rules.log: must be error, warn, info or debug', undefined],
  ],
  [
    'rules:\n  - then: accept\n    headers: {X A: b}',
    [
      'g.yaml:3:15',
      'rules.headers.X A: is not the name of a header field',
      'write up to 64 printable characters without spaces and colons: X-Listed',
    ],
  ],
  [
    "rules:\n  - then: accept\n    headers: 'X-A: b'",
    [
      'g.yaml:3:14',
      'rules.headers: must be a mapping such as {X-Listed: "yes"}, or {X-Listed: {value: "yes", at: 0}}',
      undefined,
    ],
  ],
  [
    'rules:\n  - then: accept\n    headers: {X-A: 5}',
    [
      'g.yaml:3:20',
      'rules.headers.X-A: must be a line of text, in which placeholders stand for values, or {value: …, at: 0}',
      undefined,
    ],
  ],
  [
    'rules:\n  - then: accept\n    headers: {X-A: "a\\nb"}',
    ['g.yaml:3:20', 'rules.headers.X-A: has more than one line', 'write it on one'],
  ],
  [
    'rules:\n  - then: greylist\n    on-unknown: yes',
    ['g.yaml:3:17', 'rules.on-unknown: must be no-match, match or tempfail', undefined],
  ],
]);
