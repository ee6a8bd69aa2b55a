import { describeMistakes } from './issues-of.js';

describeMistakes('mistakes in rules', [
  [
    'rules: {then: accept}',
    [
      'g.yaml:1:8',
      'rules: must be a list of rules, such as [{when: {client: 192.0.2.1}, then: accept}]',
      'write each of them behind a dash and a space',
    ],
  ],
  [
    'rules: accept',
    [
      'g.yaml:1:8',
      'rules: must be a list of rules, such as [{when: {client: 192.0.2.1}, then: accept}]',
      undefined,
    ],
  ],
  [
    'rules:\n  - accept',
    [
      'g.yaml:2:5',
      'rules: must be a rule, such as {when: {client: 192.0.2.1}, then: accept}',
      undefined,
    ],
  ],
  [
    'rules:\n  - when: {client: 192.0.2.1}',
    [
      'g.yaml:2:5',
      'rules.then: is missing',
      'write then: and greylist, accept, tempfail, reject, discard, quarantine or continue',
    ],
  ],
  [
    'rules:\n  - then: acept',
    [
      'g.yaml:2:11',
      'rules.then: must be greylist, accept, tempfail, reject, discard, quarantine or continue',
      'did you mean "accept"?',
    ],
  ],
  [
    'rules:\n  - then:',
    [
      'g.yaml:2:5',
      'rules.then: has no value',
      'write greylist, accept, tempfail, reject, discard, quarantine or continue',
    ],
  ],
  [
    'rules:\n  - then: [accept]',
    [
      'g.yaml:2:11',
      'rules.then: must be greylist, accept, tempfail, reject, discard, quarantine or continue',
      undefined,
    ],
  ],
  [
    'rules:\n  - when:\n    then: accept',
    [
      'g.yaml:2:5',
      'rules.when: has no value',
      'write a mapping of conditions, such as {client: 192.0.2.0/24}',
    ],
  ],
  [
    'rules:\n  - when: {}\n    then: accept',
    ['g.yaml:2:11', 'rules.when: is empty', 'leave it out where everybody is meant'],
  ],
  [
    'rules:\n  - when: [client]\n    then: accept',
    [
      'g.yaml:2:11',
      'rules.when: must be a mapping of conditions, such as {client: 192.0.2.0/24}',
      undefined,
    ],
  ],
  [
    'rules:\n  - when: {cleint: 192.0.2.1}\n    then: accept',
    ['g.yaml:2:12', 'rules.when.cleint: unknown key', 'did you mean "client"?'],
  ],
  [
    'rules:\n  - when: {clients: 192.0.2.1}\n    then: accept',
    ['g.yaml:2:12', 'rules.when.clients: unknown key', 'did you mean "client"?'],
  ],
  [
    'rules:\n  - client: 192.0.2.1\n    then: accept',
    ['g.yaml:2:5', 'rules.client: unknown key', 'it belongs into rules.when or rules.unless'],
  ],
  [
    'rules:\n  - unles: {client: 192.0.2.1}\n    then: accept',
    ['g.yaml:2:5', 'rules.unles: unknown key', 'did you mean "unless"?'],
  ],
  [
    'rules:\n  - if: {client: 192.0.2.1}\n    then: accept',
    [
      'g.yaml:2:5',
      'rules.if: unknown key',
      'known here: name, when, unless, then, on-unknown, delay, retry-window, autowhite, network, code, enhanced, text, headers, report, subject-tag, footer, set, log-text, forget, stage, mode, log',
    ],
  ],
  [
    "rules:\n  - name: ''\n    then: accept",
    ['g.yaml:2:11', 'rules.name: is empty', 'leave the line out instead'],
  ],
  [
    'rules:\n  - name: 5\n    then: accept',
    ['g.yaml:2:11', 'rules.name: must be a line of text', 'put it in quotes: "5"'],
  ],
  [
    'rules:\n  - {name: a, then: continue}\n  - {name: a, then: accept}',
    [
      'g.yaml:3:12',
      'rules.name: is the name of another rule',
      'rule 1 has it already: choose another one',
    ],
  ],
  [
    'rules:\n  - {name: rule 2, then: continue}\n  - then: accept',
    [
      'g.yaml:2:12',
      'rules.name: is the name of another rule',
      'rules without a name are called by their position: choose another one',
    ],
  ],
  [
    'rules:\n  - name: " a"\n    then: accept',
    ['g.yaml:2:11', 'rules.name: starts or ends with a space', 'write it without'],
  ],
  [
    'rules:\n  - name: "a\\nb"\n    then: accept',
    [
      'g.yaml:2:11',
      'rules.name: has a line end or a control character in it',
      'write it on one line',
    ],
  ],
  [
    'message-rule: []',
    ['g.yaml:1:1', 'message-rule: unknown key', 'did you mean "message-rules"?'],
  ],
  ['rule: []', ['g.yaml:1:1', 'rule: unknown key', 'did you mean "rules"?']],
]);
