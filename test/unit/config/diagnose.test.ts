import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { issuesOf } from './issues-of.js';
import type { Told } from './issues-of.js';

const WHICH_ADDRESS =
  'write inet:10033@127.0.0.1 for this machine alone; 0.0.0.0 or [::] with listen.allow for others';

describe('mistakes in single settings', () => {
  const unit = (text: string): string => `write the unit: ${text}s, ${text}m, ${text}h or ${text}d`;
  const cases: readonly (readonly [text: string, ...told: Told[]])[] = [
    [
      'greylist:\n  dealy: 5m\n',
      ['g.yaml:2:3', 'greylist.dealy: unknown key', 'did you mean "delay"?'],
    ],
    [
      'greylist: {retry_window: 1d, retryWindow: 1d}\n',
      ['g.yaml:1:12', 'greylist.retry_window: unknown key', 'did you mean "retry-window"?'],
      ['g.yaml:1:30', 'greylist.retryWindow: unknown key', 'did you mean "retry-window"?'],
    ],
    [
      'store: {redis: {password: x}}\n',
      [
        'g.yaml:1:17',
        'store.redis.password: unknown key',
        'write password-file: and the path of a file that it stands in',
      ],
    ],
    [
      'greylist:\n  <<: {delay: 5m}\n',
      [
        'g.yaml:2:3',
        'greylist.<<: unknown key',
        'nothing is merged here: write the settings themselves',
      ],
    ],
    ['delay: 5m\n', ['g.yaml:1:1', 'delay: unknown key', 'it belongs into greylist']],
    [
      'greylist:\n  trusted: []\n',
      ['g.yaml:2:3', 'greylist.trusted: unknown key', 'it belongs into the top level'],
    ],
    [
      'limits: {autowhite: 1d}\n',
      [
        'g.yaml:1:10',
        'limits.autowhite: unknown key',
        'it belongs into greylist or greylist.probe-senders',
      ],
    ],
    [
      'greylist.delay: 5m\n',
      [
        'g.yaml:1:1',
        'greylist.delay: unknown key',
        'write one key per level: greylist: {delay: ...}',
      ],
    ],
    [
      '__proto__: {a: 1}\nconstructor: 1\n',
      [
        'g.yaml:1:1',
        '__proto__: unknown key',
        'known here: listen, store, local-domains, greylist, refusal, trusted, exempt, lists, rules, message-rules, lookups, activity, statistics, log, reload, user, group, pid-file, http, limits',
      ],
      [
        'g.yaml:2:1',
        'constructor: unknown key',
        'known here: listen, store, local-domains, greylist, refusal, trusted, exempt, lists, rules, message-rules, lookups, activity, statistics, log, reload, user, group, pid-file, http, limits',
      ],
    ],
    [
      'policies: []\n',
      [
        'g.yaml:1:1',
        'policies: unknown key',
        'known here: listen, store, local-domains, greylist, refusal, trusted, exempt, lists, rules, message-rules, lookups, activity, statistics, log, reload, user, group, pid-file, http, limits',
      ],
    ],
    ['greylist:\n  delay: 300\n', ['g.yaml:2:10', 'greylist.delay: needs a unit', unit('300')]],
    ['greylist:\n  delay: "300"\n', ['g.yaml:2:10', 'greylist.delay: needs a unit', unit('300')]],
    [
      'greylist:\n  delay: 1.5\n',
      [
        'g.yaml:2:10',
        'greylist.delay: is not a duration',
        'write whole numbers: 1h30m instead of 1.5h',
      ],
    ],
    [
      'greylist:\n  delay:\n',
      ['g.yaml:2:3', 'greylist.delay: has no value', 'remove the line for the default, 3m'],
    ],
    [
      'trusted:\n#  - loopback\n',
      [
        'g.yaml:1:1',
        'trusted: has no value',
        'remove the line for the default, [loopback, private]',
      ],
    ],
    [
      'greylist:\n  delay: null\n',
      [
        'g.yaml:2:10',
        'greylist.delay: must be a duration such as 90s, 5m or 2d',
        'remove the line for the default, 3m',
      ],
    ],
    [
      'greylist: {sender: {fold-case: yes}, recipient: {fold-case: off, keep-extension: maybe}}\n',
      [
        'g.yaml:1:32',
        'greylist.sender.fold-case: must be true or false',
        'write true, without quotes',
      ],
      [
        'g.yaml:1:61',
        'greylist.recipient.fold-case: must be true or false',
        'write false, without quotes',
      ],
      ['g.yaml:1:82', 'greylist.recipient.keep-extension: must be true or false', undefined],
    ],
    [
      'limits: {connections: "1000", macros: many}\n',
      [
        'g.yaml:1:23',
        'limits.connections: must be a whole number from 1 to 100000',
        'write it without quotes',
      ],
      ['g.yaml:1:39', 'limits.macros: must be a whole number from 32 to 1024', undefined],
    ],
    [
      'listen:\n  socket: {mode: 0o660}\n',
      [
        'g.yaml:2:18',
        'listen.socket.mode: must be a file mode in quotes, such as "0660"',
        'put it in quotes: "0660"',
      ],
    ],
    [
      'listen:\n  socket: {mode: 0660}\n',
      [
        'g.yaml:2:18',
        'listen.socket.mode: must be a file mode in quotes, such as "0660"',
        'put it in quotes: "0660"',
      ],
    ],
    [
      'store:\n  durability: Powr\n  on-failure: drop\n',
      ['g.yaml:2:15', 'store.durability: must be process or power', 'did you mean "power"?'],
      ['g.yaml:3:15', 'store.on-failure: must be accept or tempfail', undefined],
    ],
    [
      'limits:\n  answer: 10s\n',
      ['g.yaml:2:11', 'limits.answer: must be at most 9s', 'Sendmail gives a filter up after 10s'],
    ],
    [
      'listen:\n  milter: [inet:10033, 25, unix:/x]\n',
      ['g.yaml:2:12', 'listen.milter: does not say which address', WHICH_ADDRESS],
      [
        'g.yaml:2:24',
        'listen.milter: must be a socket address such as inet:10033@127.0.0.1, or a list of them',
        'put it in quotes: "25"',
      ],
    ],
    [
      'listen:\n  milter: inet:10033\n',
      ['g.yaml:2:11', 'listen.milter: does not say which address', WHICH_ADDRESS],
    ],
    [
      'greylist:\n  delay:5m\n',
      ['g.yaml:2:3', 'greylist: must be a mapping', 'write a space after the colon'],
    ],
    ['greylist: 5m\n', ['g.yaml:1:11', 'greylist: must be a mapping', undefined]],
    ['greylist: [a]\n', ['g.yaml:1:11', 'greylist: must be a mapping', undefined]],
    ['- greylist\n', ['g.yaml:1:1', 'the configuration must be a mapping', undefined]],
    [
      'greylist:5m\n',
      ['g.yaml:1:1', 'the configuration must be a mapping', 'write a space after the colon'],
    ],
    [
      'greylist: {probe-senders: {match: [a@, {b: c}]}}\n',
      [
        'g.yaml:1:40',
        "greylist.probe-senders.match: must be an address pattern such as '<>' or 'postmaster@', or a list of them",
        'if this is meant as one value, put all of it in single quotes',
      ],
    ],
    [
      'greylist: {patience: {tries: 0, often: 1}}\n',
      [
        'g.yaml:1:30',
        'greylist.patience.tries: must be at least 1',
        'hardly a sender tries more than a hundred times before it gives up',
      ],
      ['g.yaml:1:33', 'greylist.patience.often: unknown key', 'known here: tries, over'],
    ],
  ];
  for (const [text, ...told] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(issuesOf({ text }), told));
  }
});

describe('mistakes in the YAML', () => {
  test('one that only spoils its own line is told with everything else', () =>
    assert.deepEqual(
      issuesOf({
        text: 'log: {level: @x, to: 5}\nstore: {url: x}\ngreylist: {dealy: 1}\nlog: {}\n',
      }),
      [
        ['g.yaml:1:14', 'a value must not start with @', "put it in single quotes: '@x'"],
        [
          'g.yaml:1:22',
          'log.to: must be console, a file such as file:/var/log/greymilter.log, or syslog:mail',
          'put it in quotes: "5"',
        ],
        [
          'g.yaml:2:14',
          'store.url: is not a store',
          'write level: and the directory, as in level:/var/lib/greymilter/db',
        ],
        ['g.yaml:3:12', 'greylist.dealy: unknown key', 'did you mean "delay"?'],
        ['g.yaml:4:1', 'log: is set twice', 'it is on line 1 already: remove one of them'],
      ],
    ));

  test('after one that spoils the rest nothing else is told', () =>
    assert.deepEqual(
      issuesOf({ text: 'log: {nope: 1}\nstore: [1\ngreylist: {dealy: 1}\nlimits: 5\n' }),
      [
        [
          'g.yaml:1:7',
          'log.nope: unknown key',
          'known here: level, format, style, expired, to, privacy',
        ],
        ['g.yaml:2:8', 'store: must be a mapping', undefined],
        ['g.yaml:3:1', 'a [ before this is not closed', 'close it with ]'],
      ],
    ));
});
