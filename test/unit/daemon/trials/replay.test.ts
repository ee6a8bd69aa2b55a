import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { Replay } from '../../../../src/daemon/trials/replay.js';
import {
  loggedLookups,
  type UnknownLookups,
} from '../../../../src/daemon/trials/logged-lookups.js';
import { createReplayStore } from '../../../../src/daemon/trials/replay-store.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import type { LoggedDecision } from '../../../../src/reports/logged-decision.js';
import type { ReplayChange } from '../../../../src/reports/replay-tally.js';
import { logged, passed } from '../../../support/logged.js';

const DAY = 86_400;
const early = { reason: 'greylist-early' } as const;

/** What a configuration would have said; `changes` are `from: change logged/replayed` in seconds. */
async function replay(text: string, decisions: readonly LoggedDecision[]) {
  const { config, program } = parseConfig({ text });
  const changes: string[] = [];
  const made = new Replay(config, program, {
    onChange: ({ first, loggedMs, replayedMs, isAtLeast }, change) => {
      const seconds = (ms: number | undefined): string => (ms === undefined ? '-' : `${ms / 1000}`);
      const least = isAtLeast ? '>=' : '';
      changes.push(`${first.from}: ${change} ${seconds(loggedMs)}/${least}${seconds(replayedMs)}`);
    },
  });
  for (const decision of decisions) await made.take(decision);
  return { result: await made.finish(), changes, made };
}

/** One mail, put off at 0 and 60, that passed after five minutes. */
const mail = [logged(0), logged(60, early), passed(300)];

function counts(result: { readonly changes: Readonly<Record<ReplayChange, number>> }) {
  return Object.fromEntries(Object.entries(result.changes).filter(([, count]) => count > 0));
}

describe('a replay', () => {
  for (const [name, text, decisions, expected, hours] of [
    ['the same delay', 'greylist: {delay: 5m}', mail, [], [300, 300]],
    [
      'a shorter one',
      'greylist: {delay: 1m}',
      mail,
      ['joe@sender.example: shorter 300/60'],
      [300, 60],
    ],
    [
      'a longer one',
      'greylist: {delay: 10m}',
      mail,
      ['joe@sender.example: longer 300/>=600'],
      [300, 600],
    ],
    [
      'a rule that accepts',
      "rules: [{name: a, when: {sender: ['@sender.example']}, then: accept}]",
      mail,
      ['joe@sender.example: newly-through 300/0'],
      [300, 0],
    ],
    [
      'a rule that rejects',
      "rules: [{name: a, when: {sender: ['@sender.example']}, then: reject}]",
      mail.slice(2),
      ['joe@sender.example: newly-refused 0/-'],
      [0, 0],
    ],
    [
      'a rule that never tires',
      "rules: [{name: a, when: {sender: ['@sender.example']}, then: tempfail}]",
      [passed(0)],
      ['joe@sender.example: newly-refused 0/-'],
      [0, 0],
    ],
    [
      'mail that was let in',
      'greylist: {delay: 2m}',
      [
        passed(0, { reason: 'provider' }),
        logged(1, { from: 'x@y.example', reason: 'rule', verdict: 'accept', would: 'accept' }),
      ],
      ['x@y.example: newly-delayed 0/>=120'],
      [0, 120],
    ],
    [
      'a bot',
      'greylist: {delay: 1m}',
      [logged(0), logged(90, early), logged(3 * DAY, { from: 'x@y.example' })],
      ['joe@sender.example: would-get-through -/90'],
      [0, 0],
    ],
    [
      'a bot that is put off here, too',
      'greylist: {delay: 5m}',
      [logged(0), logged(90, early)],
      [],
      [0, 0],
    ],
    [
      'one that is refused there',
      'greylist: {delay: 5m}',
      [logged(0, { verdict: 'reject', reason: 'rule' })],
      [],
      [0, 0],
    ],
    [
      'another network, known by SPF',
      'greylist: {delay: 5m}',
      [logged(0), passed(400, { client: '198.51.100.7', identity: 'spf' })],
      [],
      [0, 0],
    ],
    [
      'another network, and SPF does not count',
      'greylist: {delay: 5m, identity: [network]}',
      [logged(0), passed(400, { client: '198.51.100.7', name: undefined, identity: 'spf' })],
      ['joe@sender.example: newly-delayed 0/>=300'],
      [0, 300],
    ],
    [
      'shadow mode',
      'greylist: {mode: shadow}',
      mail,
      ['joe@sender.example: newly-through 300/0'],
      [300, 0],
    ],
  ] as const) {
    test(name, async () => {
      const { changes, result } = await replay(text, decisions);
      assert.deepEqual(changes, expected);
      assert.deepEqual([result.loggedS, result.replayedS], hours);
    });
  }

  test('has each mail once, and what it was told otherwise', async () => {
    const { result } = await replay('greylist: {delay: 1m}', mail);
    assert.deepEqual([result.mails, result.atLeast, counts(result)], [1, 0, { shorter: 1 }]);
    assert.deepEqual(result.reasons, [
      { from: 'tempfail greylist-early', to: 'accept greylist-passed', count: 1 },
    ]);
  });

  test('knows what was known before the log began, and forgets it as it should', async () => {
    const known = passed(0, { reason: 'greylist-known' });
    const again = passed(9 * DAY, { reason: 'greylist-known' });
    const { result, made } = await replay('greylist: {delay: 5m}', [known, again]);
    assert.deepEqual([result.loggedS, result.replayedS, made.fromBefore], [0, 0, 1]);
    const client = passed(0, { reason: 'client-autowhite' });
    assert.equal((await replay('{}', [client])).made.fromBefore, 1);
    const off = await replay('greylist: {client-autowhite: null, delay: 5m}', [client]);
    assert.deepEqual([off.made.fromBefore, off.result.replayedS], [0, 300]);
  });

  test('says what the log does not tell', async () => {
    const text = 'rules: [{name: a, when: {dnsbl: {zones: [list.example]}}, then: reject}]';
    const { made, result } = await replay(text, [passed(0, { reason: 'rule' })]);
    assert.deepEqual([...made.unknown], [['dnsList', 2]]);
    assert.deepEqual(counts(result), { 'newly-delayed': 1 });
  });

  test('has no answer to any other question', async () => {
    const unknown: UnknownLookups = new Map();
    const source = loggedLookups({ identity: 'network', reason: 'greylist-known' }, unknown);
    const client = parseIpAddress('192.0.2.1');
    assert.ok(client !== undefined);
    const lookups = source.forRecipient(client);
    const sender = parseEnvelopeAddress('<a@b.example>');
    const answers = [
      await lookups.dnsList('list.example', client),
      await lookups.spf({ client, sender, helo: undefined }),
      await lookups.mailExchangers('b.example'),
      await lookups.geo(client),
      await lookups.url({ name: 'a', url: 'http://localhost/' }),
      await lookups.ldap({ base: '', scope: 'base', filter: '', attributes: [] }),
      await lookups.dkim({ headers: [], body: new Uint8Array() }),
    ];
    for (const { known } of answers) assert.equal(known, false);
    assert.deepEqual([...unknown.values()], [1, 1, 1, 1, 1, 1, 1]);
  });

  for (const reason of ['authenticated', 'access-map', 'local'] as const) {
    test(`who passes by ${reason} does`, async () => {
      const { changes } = await replay('{}', [passed(0, { reason })]);
      assert.deepEqual(changes, []);
    });
  }

  test('a client with a certificate passes where that counts', async () => {
    assert.deepEqual((await replay('exempt: [tls]', [passed(0, { reason: 'tls' })])).changes, []);
  });

  test('the recipients of a transaction share a clock', async () => {
    const id = 'session-1';
    const [a, b] = [
      { id, to: 'a@local.example' },
      { id, to: 'b@local.example' },
    ];
    const second = 'session-2';
    const { result } = await replay('greylist: {delay: 5m}', [
      logged(0, a),
      logged(299, { ...a, ...early }),
      passed(301, { ...a, id: second }),
      passed(302, { ...b, id: second, reason: 'greylist-passed' }),
    ]);
    assert.deepEqual([result.mails, result.replayedS], [2, 301]);
    assert.deepEqual(counts(result), { same: 2 });
  });

  test('a recipient that was put off is none that was accepted', async () => {
    const id = 'session-1';
    const rules = `rules:
  - {name: many, when: {recipients: {at-least: 1, accepted: true}}, then: reject}`;
    const { changes } = await replay(rules, [
      logged(0, { id, to: 'a@local.example' }),
      logged(1, { id, to: 'b@local.example' }),
    ]);
    assert.deepEqual(changes, []);
  });

  describe('a recipient that Postfix has asked about twice', () => {
    const id = 'message-1';
    const rules = `rules:
  - {name: many, when: {recipients: {at-least: 3}}, then: reject}`;
    const first = { id, to: 'a@local.example' };
    const second = { id, to: 'b@local.example' };

    test('is one over the policy protocol', async () => {
      const via = 'policy' as const;
      const put = await replay(rules, [
        logged(0, { ...first, via }),
        logged(1, { ...first, ...early, via }),
        logged(2, { ...second, via }),
      ]);
      assert.deepEqual([put.changes, put.result.mails], [[], 2]);
      const known = await replay(rules, [
        passed(0, { ...first, via, reason: 'greylist-known' }),
        passed(1, { ...first, via, reason: 'greylist-known' }),
        passed(2, { ...second, via, reason: 'greylist-known' }),
      ]);
      assert.deepEqual([counts(known.result), known.result.mails], [{ same: 2 }, 2]);
    });

    test('is two over the other, as for the filter', async () => {
      const via = 'milter' as const;
      const { result } = await replay(rules, [
        passed(0, { ...first, via, reason: 'greylist-known' }),
        passed(1, { ...first, via, reason: 'greylist-known' }),
        passed(2, { ...second, via, reason: 'greylist-known' }),
      ]);
      assert.deepEqual(counts(result), { same: 2, 'newly-refused': 1 });
    });
  });

  test('is the same each time', async () => {
    const decisions = Array.from({ length: 300 }, (_, index) => {
      const told = { from: `a${index % 40}@b.example`, client: `192.0.2.${index % 7}` };
      return index % 3 === 0 ? passed(index * 40, told) : logged(index * 40, told);
    });
    const [one, other] = [await replay('{}', decisions), await replay('{}', decisions)];
    assert.deepEqual(one.changes, other.changes);
    assert.deepEqual({ ...one.result }, { ...other.result });
    assert.ok(one.changes.length > 5);
  });
});

describe('the store of a replay', () => {
  test('keeps what lives by the clock, and changes it only for who has seen it', async () => {
    let now = 1000;
    const store = createReplayStore({ now: () => now });
    const value = Uint8Array.of(1);
    assert.ok(await store.compareAndSet('a', undefined, { value, expiresAt: 5500 }));
    assert.ok(!(await store.compareAndSet('a', undefined, { value, expiresAt: 9000 })));
    const entry = await store.get('a');
    assert.deepEqual(entry, { value, expiresAt: 6000, commit: undefined });
    now = 6000;
    assert.equal(await store.get('a'), undefined);
    assert.ok(await store.compareAndSet('a', undefined, { value, expiresAt: 9000 }));
    await store.delete('a');
    assert.equal(await store.get('a'), undefined);
    assert.throws(() => store.scan(), TypeError);
    await store.close();
  });

  test('throws away what has expired', async () => {
    let now = 0;
    const store = createReplayStore({ now: () => now });
    for (let index = 0; index < 10_000; index++) {
      now = index;
      await store.compareAndSet(String(index), undefined, {
        value: Uint8Array.of(1),
        expiresAt: index < 5000 ? 1000 : 100_000,
      });
    }
    const { expired, commits } = await store.stats();
    assert.deepEqual([expired, commits], [5000, 10_000]);
  });
});
