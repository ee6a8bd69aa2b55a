import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from '../../../src/config/load.js';

type Told = readonly [place: string, what: string, hint: string | undefined];

function warningsOf(text: string): readonly Told[] {
  return parseConfig({ text, file: 'g.yaml' }).warnings.map(({ line, column, path, ...told }) => [
    `${line ?? 0}:${column ?? 0}`,
    `${path}: ${told.problem}`,
    told.hint,
  ]);
}

const rules = (...lines: readonly string[]): string =>
  `rules:\n${lines.map((line) => `  - {${line}}\n`).join('')}`;

describe('rules that never match', () => {
  test('behind one that is for everybody', () =>
    assert.deepEqual(
      warningsOf(
        rules('then: continue', 'name: all, then: greylist', 'then: accept', 'then: reject'),
      ),
      [
        [
          '4:5',
          'rules: never matches, nor do the 1 behind it',
          '"all" (g.yaml:3) is for everybody: move it to the end',
        ],
      ],
    ));

  test('because earlier rules decide for all that they name', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          'when: {client: [192.0.2.0/24, "2001:db8::/32", .example.org]}, then: accept',
          'when: {client: [192.0.2.7, "2001:db8::1", mx.example.org, .sub.example.org]}, then: reject',
        ),
      ),
      [
        [
          '3:21',
          'rules.when.client: never matches: an earlier rule decides for all of its entries',
          '"rule 1" (g.yaml:2) has 192.0.2.0/24 (g.yaml:2): put the narrower rule first',
        ],
      ],
    ));

  test('in part, with the entries of lists by their own place', () =>
    assert.deepEqual(
      warningsOf(
        "lists:\n  a:\n    recipients: [joe@example.org, ann@sub.example.org, x@example.net,\n      abuse@example.com, '/^a/']\n" +
          rules(
            "when: {recipient: ['@example.org', '@.example.org', abuse@, '/^a/']}, then: accept",
            'when: {recipient: [list:a]}, then: reject',
          ),
      ),
      [
        [
          '7:24',
          'rules.when.recipient: has entries for which an earlier rule decides: joe@example.org (g.yaml:3), ann@sub.example.org (g.yaml:3), abuse@example.com (g.yaml:4) and 1 more',
          '"rule 1" (g.yaml:6) has @example.org (g.yaml:6): put the narrower rule first',
        ],
      ],
    ));

  for (const [what, first] of [
    ['goes on', 'when: {client: 192.0.2.0/24}, then: continue'],
    ['has exceptions', 'when: {client: 192.0.2.0/24}, unless: {helo: a.example}, then: accept'],
    ['asks for more', 'when: {client: 192.0.2.0/24, helo: a.example}, then: accept'],
    ['is asked at another stage', 'when: {client: 192.0.2.0/24}, stage: data, then: reject'],
    ['is narrower', 'when: {client: 192.0.2.8/31}, then: accept'],
  ] as const)
    test(`not where the earlier rule ${what}`, () => {
      assert.deepEqual(warningsOf(rules(first, 'when: {client: 192.0.2.7}, then: accept')), []);
    });

  test('because there is nothing in their lists', () =>
    assert.deepEqual(
      warningsOf(
        'lists: {a: {clients: []}, b: {names: []}}\n' +
          rules(
            'when: {client: list:a}, then: accept',
            'when: {client: [192.0.2.1]}, unless: {helo: list:b}, then: accept',
          ),
      ),
      [
        [
          '3:21',
          'rules.when.client: has no entries, and so never holds',
          'the rule never matches: fill the list',
        ],
        [
          '4:50',
          'rules.unless.helo: has no entries, and so never holds',
          'nobody is left out by it',
        ],
      ],
    ));
});

describe('verdicts before RCPT', () => {
  test('of a rule that tests what is not known yet', () =>
    assert.deepEqual(warningsOf(rules('when: {recipient: joe@}, stage: mail, then: reject')), [
      [
        '2:38',
        'rules.stage: is mail, where recipient is not known yet',
        'the rule cannot answer there: remove recipient or the stage',
      ],
    ]));

  test('behind a rule that tests what is not known yet', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          'name: joe, when: {recipient: joe@, client: 192.0.2.1}, then: accept',
          'when: {client: 192.0.2.0/24}, stage: helo, then: reject',
        ),
      ),
      [
        [
          '3:43',
          'rules.stage: answers at helo, before an earlier rule can',
          '"joe" (g.yaml:2) tests recipient, which is known later: move this rule before it',
        ],
      ],
    ));

  test('of a rule that tests a macro, or a rate, which is not known yet', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          'when: {macro: {rcpt_mailer: local}}, stage: connect, then: reject',
          'when: {macro: {daemon_name: MX}}, stage: connect, then: reject',
          'when: {rate: {over: 9, in: 1h}}, stage: helo, then: tempfail',
        ),
      ).map(([place, what]) => `${place} ${what}`),
      [
        '2:50 rules.stage: is connect, where macro is not known yet',
        '3:47 rules.stage: answers at connect, before an earlier rule can',
        '4:46 rules.stage: is helo, where rate is not known yet',
      ],
    ));

  test('whose text nobody sees', () =>
    assert.deepEqual(
      warningsOf(rules("when: {client: 192.0.2.1}, stage: connect, then: reject, text: 'No'")),
      [
        [
          '2:40',
          'rules.stage: is connect, where Sendmail leaves code and text out',
          'write helo, or later, for a client to see it',
        ],
      ],
    ));

  test('are fine where everything is known', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          'when: {client: 192.0.2.1}, stage: connect, then: reject',
          "when: {sender: '@a.example', helo: a.example}, stage: mail, then: reject",
          'when: {recipient: joe@}, then: accept',
        ),
      ),
      [],
    ));
});

describe('verdicts before anybody can log in', () => {
  // Without a database a rule about countries is warned of, too.
  const turnedAway = (written: string): readonly string[] =>
    warningsOf(`lookups: {geo: [/geo.mmdb]}\n${rules(written)}`).map(
      ([, what, hint]) => `${what}; ${hint ?? ''}`,
    );

  test('say what to write instead', () =>
    assert.deepEqual(turnedAway('when: {dnsbl: {zones: bl.example}}, stage: helo, then: reject'), [
      'rules.stage: comes before anybody can log in: your own users at home or on the road are turned away, too; write mail, or later; or if they have a listener of their own: unless: {macro: {daemon_name: MSA}}',
    ]));

  for (const written of [
    'when: {client-name: [mx.example, generic]}, stage: connect, then: tempfail',
    'when: {geo: {countries: [NL]}, time: {within: 22:00-06:00}}, stage: connect, then: reject',
    'when: {rate: {over: 9, in: 1h, count: sessions}}, stage: helo, then: tempfail',
    'when: {tls: {encrypted: false}}, stage: helo, then: reject',
    'when: {tls: {verified: false}}, stage: helo, then: reject',
    'when: {geo: {countries: [NL]}}, unless: {client: 192.0.2.1}, stage: connect, then: reject',
    'unless: {tls: {encrypted: true}}, stage: helo, then: tempfail',
    'stage: connect, then: tempfail',
  ])
    test(`are warned of: ${written}`, () =>
      assert.match(turnedAway(written).join(), /before anybody can log in/));

  for (const written of [
    'when: {client: 192.0.2.0/24, geo: {countries: [NL]}}, stage: connect, then: reject',
    "when: {helo: localhost}, stage: helo, then: reject, text: 'No'",
    "when: {client-name: ['/^spam/']}, stage: connect, then: reject",
    'when: {tls: {verified: true}}, stage: helo, then: reject',
    "when: {tls: {subject: '/spam/'}}, stage: helo, then: reject",
    "when: {tls: {issuer: '/spam/'}}, stage: helo, then: reject",
    'when: {dnsbl: {zones: bl.example}, macro: {daemon_name: MX}}, stage: connect, then: reject',
    'when: {dnsbl: {zones: bl.example}}, unless: {macro: {daemon_name: MSA}}, stage: connect, then: reject',
    'when: {dnsbl: {zones: bl.example}}, stage: mail, then: reject',
    'when: {dnsbl: {zones: bl.example}}, then: reject',
    'when: {dnsbl: {zones: bl.example}}, stage: connect, then: reject, mode: shadow',
  ])
    test(`are fine: ${written}`, () => assert.deepEqual(turnedAway(written), []));
});

describe('exceptions by sender alone', () => {
  const warning = (place: string): Told => [
    place,
    'rules.when.sender: lets everybody pass who uses such a sender, which is easily forged',
    'add spf pass, or write sender-authenticated, to let it pass only if SPF passes',
  ];

  test('are warned of, also with a HELO name, which is as easily forged', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          "when: {sender: '@example.org'}, then: accept",
          "when: {helo: a.example, sender: '@example.net'}, then: accept",
        ),
      ),
      [warning('2:21'), warning('3:38')],
    ));

  test('are fine with another condition, or if they are no exceptions', () =>
    assert.deepEqual(
      warningsOf(
        rules(
          "when: {sender: '@example.org', recipient: joe@}, then: accept",
          "when: {sender: '@example.net'}, then: reject",
          "when: {sender-authenticated: '@example.com'}, then: accept",
        ),
      ),
      [],
    ));
});

test('a list that no rule names is told where it stands', () =>
  assert.deepEqual(
    warningsOf(
      'lists:\n  a: {clients: 192.0.2.1}\n  b: {names: a.example}\n' +
        rules('when: {helo: list:b}, then: accept'),
    ),
    [['2:3', 'lists.a: is a list that no rule names', 'name it in a rule, or remove it']],
  ));
