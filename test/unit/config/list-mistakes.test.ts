import { describeMistakes } from './issues-of.js';

describeMistakes('mistakes in lists, references to them, and lookups', [
  [
    'rules:\n  - when: list:partners\n    then: accept',
    [
      'g.yaml:2:11',
      'rules.when: must be a mapping of conditions, such as {client: 192.0.2.0/24}',
      'write which condition the list is for: {client: list:partners}',
    ],
  ],
  ['list: {}', ['g.yaml:1:1', 'list: unknown key', 'did you mean "lists"?']],
  [
    'greylist: {retry-window: 1h}\nrules:\n  - then: greylist\n    delay: 2h',
    [
      'g.yaml:4:12',
      'rules.delay: must be shorter than greylist.retry-window (1h)',
      'no retry would ever be in time: set retry-window in the rule as well',
    ],
  ],
  [
    'lists: {a: [192.0.2.1]}',
    [
      'g.yaml:1:12',
      'lists.a: must be a mapping of what its entries are, such as {clients: [192.0.2.0/24]}',
      undefined,
    ],
  ],
  [
    'lists: {a: 192.0.2.1}',
    [
      'g.yaml:1:12',
      'lists.a: must be a mapping of what its entries are, such as {clients: [192.0.2.0/24]}',
      undefined,
    ],
  ],
  [
    'lists: {a: {}}',
    [
      'g.yaml:1:12',
      'lists.a: has no entries',
      'write what its entries are: {clients: [192.0.2.0/24]}; there are clients, senders, recipients, names, values',
    ],
  ],
  [
    'lists:\n  a:',
    [
      'g.yaml:2:3',
      'lists.a: has no value',
      'write a mapping of what its entries are, such as {clients: [192.0.2.0/24]}',
    ],
  ],
  [
    'lists: {a: {client: 192.0.2.1}}',
    ['g.yaml:1:13', 'lists.a.client: unknown key', 'did you mean "clients"?'],
  ],
  [
    'lists: {a b: {clients: 192.0.2.1}}',
    [
      'g.yaml:1:9',
      'lists.a b: is not the name of a list',
      'write up to 64 letters, digits, dots, dashes and underscores',
    ],
  ],
  [
    'lists: {a: {clients: [192.0.2.1/24]}}',
    [
      'g.yaml:1:23',
      'lists.a.clients: is an address with a prefix',
      'write 192.0.2.0/24 for the network or 192.0.2.1 for the address',
    ],
  ],
  [
    'lists: {a: {clients: [list:b]}}',
    [
      'g.yaml:1:23',
      'lists.a.clients: is a list within a list',
      'name both lists in the rule instead',
    ],
  ],
  [
    "lists: {a: {clients: 'file:/x'}}",
    ['g.yaml:1:22', 'lists.a.clients: is not an entry', 'write {file: /x}'],
  ],
  [
    'lists: {a: {clients: {fiel: /x}}}',
    ['g.yaml:1:23', 'lists.a.clients.fiel: unknown key', 'did you mean "file"?'],
  ],
  [
    'lists: {a: {clients: {file: /etc/}}}',
    [
      'g.yaml:1:29',
      'lists.a.clients.file: is not the path of a file',
      'write the name of the file behind it',
    ],
  ],
  [
    'lists: {a: {clients: [{file: /x, postgrey: /y}]}}',
    ['g.yaml:1:23', 'lists.a.clients: names two files', 'write {file: PATH} or {postgrey: PATH}'],
  ],
  [
    'lists: {a: {senders: {}}}',
    ['g.yaml:1:22', 'lists.a.senders: names no file', 'write {file: PATH} or {postgrey: PATH}'],
  ],
  [
    'lists: {a: {recipients: {postgrey: /etc/}}}',
    [
      'g.yaml:1:36',
      'lists.a.recipients.postgrey: is not the path of a file',
      'write the name of the file behind it',
    ],
  ],
  [
    "lists: {a: {clients: 'postgrey: /x'}}",
    ['g.yaml:1:22', 'lists.a.clients: is not an entry', 'write {postgrey: /x}'],
  ],
  [
    'lists: {a: {names: {postgrey: /y}}}',
    [
      'g.yaml:1:20',
      'lists.a.names.file: is missing',
      'write file: and a path such as /etc/greymilter/clients.txt',
    ],
    [
      'g.yaml:1:21',
      'lists.a.names.postgrey: unknown key',
      'it belongs into lists.clients or lists.senders or lists.recipients',
    ],
  ],
  [
    'lists: {a: {senders: example.org}}',
    ['g.yaml:1:22', 'lists.a.senders: is not an address', "write '@example.org' for a domain"],
  ],
  [
    "lists: {a: {names: '/a{2,1}/'}}",
    [
      'g.yaml:1:20',
      'lists.a.names: is a wrong pattern: invalid repeat count at {2,1}',
      'repeat at most 1000 times, and write the smaller number first',
    ],
  ],
  ['lists: {a: {clients:}}', ['g.yaml:1:13', 'lists.a.clients: has no value', 'remove the line']],
  [
    'lists: {partners: {senders: joe@}}\nrules:\n  - when: {sender: list:partner}\n    then: accept',
    [
      'g.yaml:3:20',
      'rules.when.sender: names a list that there is not, partner',
      'did you mean "list:partners"?',
    ],
  ],
  [
    'rules:\n  - when: {client: list:x}\n    then: accept',
    ['g.yaml:2:20', 'rules.when.client: names a list that there is not, x', 'write it under lists'],
  ],
  [
    'lists: {partners: {senders: joe@}}\nrules:\n  - when: {client: list:partners}\n    then: accept',
    [
      'g.yaml:3:20',
      'rules.when.client: the list partners has senders, where clients are needed',
      'give the list a key clients, or name another list',
    ],
  ],
  [
    "rules:\n  - when: {client: 'list: x'}\n    then: accept",
    [
      'g.yaml:2:20',
      'rules.when.client: names no list',
      'write list: and the name of a list, without a blank',
    ],
  ],
  [
    'lookups: {timeout: 20s}',
    [
      'g.yaml:1:20',
      'lookups.timeout: must be at most 8s',
      'the client waits meanwhile, and Sendmail gives a filter up after 10s',
    ],
  ],
  [
    'lookups: {resolvers: localhost}',
    ['g.yaml:1:22', 'lookups.resolvers: is a name', 'nobody could look it up: write its address'],
  ],
  [
    'lookups: {resolvers: 192.0.2.53:0}',
    ['g.yaml:1:22', 'lookups.resolvers: has a port that there is not', 'ports are 1 to 65535'],
  ],
  ["lookups: {geo: ''}", ['g.yaml:1:16', 'lookups.geo: is empty', 'write the path of a file']],
  [
    'lookups: {resolver: 192.0.2.53}',
    ['g.yaml:1:11', 'lookups.resolver: unknown key', 'did you mean "resolvers"?'],
  ],
]);
