import { describeMistakes } from './issues-of.js';

describeMistakes('mistakes in conditions, and what YAML makes of them', [
  [
    'rules:\n  - when: {client: 192.0.2.1/24}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: is an address with a prefix',
      'write 192.0.2.0/24 for the network or 192.0.2.1 for the address',
    ],
  ],
  [
    'rules:\n  - when: {client: 192.0.2.1-192.0.2.9}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: is a range of addresses',
      'write the networks that make it up, such as 192.0.2.0/28',
    ],
  ],
  [
    'rules:\n  - when: {client: 192.0.2}\n    then: accept',
    ['g.yaml:2:20', 'rules.when.client: is not a network', 'write 192.0.2.0/24'],
  ],
  [
    "rules:\n  - when: {client: '*.example.org'}\n    then: accept",
    [
      'g.yaml:2:20',
      'rules.when.client: has a *',
      'write .example.org for all names below example.org',
    ],
  ],
  [
    'rules:\n  - when: {client: 192.0.2.0/33}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: is not a network',
      'write an address, a network such as 192.0.2.0/24 or 2001:db8::/32, a name, or .example.org for the names below it',
    ],
  ],
  [
    'rules:\n  - when: {client: loopback}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: is not a client',
      'these clients are never greylisted if `trusted` has them: no rule needs them',
    ],
  ],
  [
    "rules:\n  - when: {client: '/^mx(/'}\n    then: accept",
    [
      'g.yaml:2:20',
      'rules.when.client: is a wrong pattern: missing closing ) at ^mx(',
      'put a backslash before what stands for itself: \\( \\[ \\{ \\* \\+ \\?',
    ],
  ],
  [
    "rules:\n  - when: {client: '/(a)\\1/'}\n    then: accept",
    [
      'g.yaml:2:20',
      'rules.when.client: has a backreference, which patterns here cannot have',
      'it cannot be matched in linear time',
    ],
  ],
  [
    'rules:\n  - when: {client: 5}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: must be an address, a network, a verified name, `.example.org` or a pattern, list:NAME, or a list of them',
      'put it in quotes: "5"',
    ],
  ],
  [
    'rules:\n  - when: {client: {network: 192.0.2.0/24}}\n    then: accept',
    [
      'g.yaml:2:20',
      'rules.when.client: must be an address, a network, a verified name, `.example.org` or a pattern, list:NAME, or a list of them',
      'if this is meant as one value, put all of it in single quotes',
    ],
  ],
  [
    'rules:\n  - when: {sender: example.org}\n    then: accept',
    ['g.yaml:2:20', 'rules.when.sender: is not an address', "write '@example.org' for a domain"],
  ],
  [
    "rules:\n  - when: {sender: '*@example.org'}\n    then: accept",
    ['g.yaml:2:20', 'rules.when.sender: is not an address', "write '@example.org'"],
  ],
  [
    'rules:\n  - when: {helo: a b}\n    then: accept',
    [
      'g.yaml:2:18',
      'rules.when.helo: is not a host name',
      "write a name, .example.org for all names below example.org, or a pattern such as '/^mx\\d/'",
    ],
  ],
  [
    'rules:\n  - when: {size: 5MB}\n    then: accept',
    [
      'g.yaml:2:18',
      'rules.when.size: must be a mapping with over, at-least, under, up-to, is or is-not',
      undefined,
    ],
  ],
  [
    'rules:\n  - when: {size: 5MiB}\n    then: accept',
    [
      'g.yaml:2:18',
      'rules.when.size: must be a mapping with over, at-least, under, up-to, is or is-not',
      undefined,
    ],
  ],
  [
    'rules:\n  - when: {sender: @example.org}\n    then: accept',
    ['g.yaml:2:20', 'a value must not start with @', "put it in single quotes: '@example.org'"],
  ],
  [
    'rules:\n  - when:\n      sender: @example.org\n    then: accept',
    ['g.yaml:3:15', 'a value must not start with @', "put it in single quotes: '@example.org'"],
  ],
  [
    'rules:\n  - when:\n      sender:\n        - @example.org\n    then: accept',
    ['g.yaml:4:11', 'a value must not start with @', "put it in single quotes: '@example.org'"],
  ],
  [
    'rules:\n  - when: {recipient: *@example.org}\n    then: accept',
    [
      'g.yaml:2:23',
      'rules.when.recipient: has an alias *@example.org that is not defined before it',
      "if it is a value, put it in single quotes: '*@example.org'",
    ],
  ],
  [
    'rules:\n  - when:\n      client: *.example.org\n    then: accept',
    [
      'g.yaml:3:15',
      'rules.when.client: has an alias *.example.org that is not defined before it',
      "if it is a value, put it in single quotes: '*.example.org'",
    ],
  ],
  [
    'rules:\n  - when:\n      client: /^[a-z]{2,5}: x/\n    then: accept',
    [
      'g.yaml:3:15',
      'a value has a second colon and space',
      "put the value in single quotes: '/^[a-z]{2,5}: x/'",
    ],
  ],
  [
    'rules:\n  - when: {client: /^mx[0-9]+/}\n    then: accept',
    [
      'g.yaml:2:24',
      'a value has a [ in it',
      "put each value with / @ * # { or [ in it in single quotes, as in {client: '/^a{2}/'}",
    ],
  ],
  [
    'rules:\n  - when: {client: /^(a|b){2}$/}\n    then: accept',
    [
      'g.yaml:2:27',
      'a value has a { in it',
      "put each value with / @ * # { or [ in it in single quotes, as in {client: '/^a{2}/'}",
    ],
  ],
  [
    'rules:\n  - when:\n      helo: !example\n    then: accept',
    [
      'g.yaml:3:21',
      'rules.when.helo: has the tag !example',
      'quote a value that starts with an exclamation mark',
    ],
  ],
  [
    'rules:\n  - when:\n      helo: %x\n    then: accept',
    ['g.yaml:3:13', 'a value must not start with %', "put it in single quotes: '%x'"],
  ],
  [
    'rules:\n  - when:\n      helo: &x\n    then: accept',
    [
      'g.yaml:3:15',
      'rules.when.helo: has an anchor &x and no value',
      "if it is the value, put it in single quotes: '&x'",
    ],
  ],
  [
    'rules:\n  - when:\n      sender: #joe\n    then: accept',
    ['g.yaml:3:7', 'rules.when.sender: has no value', "put the value in single quotes: '#joe'"],
  ],
  [
    'rules:\n  - when:\n      sender: {joe@example.org}\n    then: accept',
    [
      'g.yaml:3:16',
      'rules.when.sender.joe@example.org: unknown key',
      'if this is meant as one value, put all of it in single quotes',
    ],
  ],
  [
    'rules:\n  - when:\n      sender: [joe@example.org\n    then: accept',
    ['g.yaml:4:5', 'a [ before this is not closed', 'close it with ]'],
  ],
  [
    'rules:\n  - when:\n      client: 2001:db8::1: x\n    then: accept',
    [
      'g.yaml:3:15',
      'a value has a second colon and space',
      "put the value in single quotes: '2001:db8::1: x'",
    ],
  ],
  [
    'rules:\n  - when:\n      client:192.0.2.1\n    then: accept',
    [
      'g.yaml:3:7',
      'rules.when: must be a mapping of conditions, such as {client: 192.0.2.0/24}',
      'write a space after the colon',
    ],
  ],
  [
    'rules:\n  - when:\n    \tclient: 192.0.2.1\n    then: accept',
    [
      'g.yaml:2:5',
      'rules.when: has no value',
      'write a mapping of conditions, such as {client: 192.0.2.0/24}',
    ],
    ['g.yaml:3:5', 'the line is indented by a tab', 'use spaces'],
  ],
  [
    'rules:\n  - then: accept\n    then: reject',
    ['g.yaml:3:5', 'rules.then: is set twice', 'it is on line 2 already: remove one of them'],
  ],
  [
    'rules:\n  - when:\n      recipient: `joe`\n    then: accept',
    ['g.yaml:3:18', 'a value must not start with `', "put it in single quotes: '`joe`'"],
  ],
  [
    'rules:\n  - when: {sender: [@example.org, joe@example.net]}\n    then: accept',
    ['g.yaml:2:21', 'a value must not start with @', "put it in single quotes: '@example.org'"],
  ],
  [
    'rules:\n  - when:\n      sender: "/^a\\d/"\n    then: accept',
    [
      'g.yaml:3:19',
      'a backslash in double quotes starts an escape that there is not',
      'use single quotes, in which a backslash is only a backslash',
    ],
  ],
  [
    'rules:\n  - when: {sender: <>}\n    then: acept',
    [
      'g.yaml:3:11',
      'rules.then: must be greylist, accept, tempfail, reject, discard, quarantine or continue',
      'did you mean "accept"?',
    ],
  ],
  [
    'rules:\n  - when: {sender: <>}\n    then: whitelist',
    [
      'g.yaml:3:11',
      'rules.then: must be greylist, accept, tempfail, reject, discard, quarantine or continue',
      'that is "accept" here',
    ],
  ],
  [
    'rules:\n  - when: {from: <>}\n    then: accept',
    ['g.yaml:2:12', 'rules.when.from: unknown key', 'that is "sender" here'],
  ],
  [
    'rules:\n  - when: {geo: {countries: uk}}\n    then: accept',
    ['g.yaml:2:29', 'rules.when.geo.countries: is not a country', 'write GB'],
  ],
  [
    'rules:\n  - countries: DE\n    then: accept',
    [
      'g.yaml:2:5',
      'rules.countries: unknown key',
      'it belongs into rules.when.geo or rules.unless.geo or rules.when.all.geo',
    ],
  ],
  [
    'rules:\n  - when:\n      sender: /joe#/\n      helo: /a #b/\n    then: accept',
    ['g.yaml:4:13', 'rules.when.helo: is a pattern without an end', 'write /a/ for a pattern'],
  ],
]);
