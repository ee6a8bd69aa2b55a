import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedMail } from '../../../../src/cli/explain/explain-input.js';
import { explanationJson } from '../../../../src/cli/explain/explain-json.js';
import type { ToldMail } from '../../../../src/cli/explain/explain-options.js';
import { formatExplanation } from '../../../../src/cli/explain/explain-text.js';
import { parseConfig } from '../../../../src/config/load.js';
import { explainMail, type Explanation } from '../../../../src/daemon/trials/explain-mail.js';
import {
  noProviders,
  type ProviderSource,
} from '../../../../src/daemon/configuration/provider-watch.js';
import { noRules } from '../../../../src/daemon/configuration/rule-set.js';
import { encodeReply, replyKey } from '../../../../src/greylist/reply-record.js';
import { parseNetwork } from '../../../../src/mail/network.js';
import type { Lookups } from '../../../../src/rules/lookups.js';
import { noProgram, type Program } from '../../../../src/rules/rule.js';
import type { StoreEntry } from '../../../../src/store/store.js';
import { createCondition, createLookups, createRule } from '../../../support/rule-parts.js';

const now = Date.UTC(2026, 10, 21, 12);
const read = { kind: 'read', path: '/db' } as const;

async function explain(
  told: ToldMail,
  program: Partial<Program> = {},
  {
    overrides = [],
    lookups = {},
    providers = noProviders,
    stored = {},
  }: {
    readonly overrides?: readonly string[];
    readonly lookups?: Partial<Lookups>;
    readonly providers?: ProviderSource;
    readonly stored?: Readonly<Record<string, StoreEntry>>;
  } = {},
): Promise<Explanation> {
  const whole = {
    client: '203.0.113.7',
    from: 'joe@example.net',
    to: ['ann@example.org'],
    ...told,
  };
  const asked = askedMail(whole, now, (name) => `--${name}`);
  assert.ok('mail' in asked, 'problem' in asked ? asked.problem : '');
  const ruleSet = {
    ...noRules,
    program: { ...noProgram, ...program },
    lookups: { forRecipient: () => createLookups(lookups) },
    providers,
  };
  const store = { get: (key: string) => stored[key] };
  const { config } = parseConfig({ overrides });
  const [first] = await explainMail(asked.mail, asked.attempts, { config, ruleSet, store });
  assert.ok(first);
  return first;
}

describe('an explanation in words', () => {
  test('unknown, where a lookup had no answer; the lookup is shown', async () => {
    const spf = {
      ...createCondition('unknown', 'lookup'),
      name: 'dnsbl',
      test: async ({
        lookups,
        facts,
      }: Parameters<ReturnType<typeof createCondition>['test']>[0]) => {
        const client = facts.attempt.clientAddress;
        const answer = client && (await lookups.dnsList('list.example', client));
        return answer?.known === true ? 'yes' : 'unknown';
      },
    } as const;
    const rules = [createRule({ name: 'listed', when: [spf], action: 'reject' })];
    const text = formatExplanation(await explain({}, { rules }), read);
    assert.match(text, /unknown +listed +greymilter\.yaml:1 +dnsbl: unknown/);
    assert.match(
      text,
      /lookups\n {2}dns list +list\.example for 203\.0\.113\.7 +unknown: not asked/,
    );
    assert.match(text, /no rule has decided/);
  });

  test('a rule that answers before RCPT, in the words of the client', async () => {
    const rule = createRule({
      name: 'never',
      decidableAt: 'connect',
      action: 'reject',
      settings: { stage: 'connect' },
    });
    const text = formatExplanation(await explain({}, { rules: [rule, createRule()] }), read);
    assert.match(
      text,
      /rules at CONNECT\n {2}matches +never +greymilter\.yaml:1 +everybody; then reject/,
    );
    assert.match(text, /not asked +a rule/);
    assert.match(text, /stage +connect +by rule "never"/);
    assert.match(text, /result +reject \(rule\)\n +550 5\.7\.1 Mail refused\n +by rule "never"/);
  });

  test('the mode that lets pass', async () => {
    const shadow = await explain({}, {}, { overrides: ['greylist.mode=shadow'] });
    const text = formatExplanation(shadow, read);
    assert.match(text, /accept, because of mode shadow; otherwise tempfail \(greylist-new, 180 s/);
    assert.match(text, /there are no rules: everybody is greylisted/);
    assert.match(text, /knows nothing of this sender and recipient/);
  });

  test('the null sender, whose network stands in its place', async () => {
    const text = formatExplanation(await explain({ from: '<>' }), read);
    assert.match(text, /triplet +203\.0\.113\.0\/24, <>, <ann@example\.org>/);
    assert.match(text, /knows nothing of this network and recipient/);
    assert.match(text, /stage +data/);
    assert.match(text, /autowhite +1d/);
  });

  test('the sender as it was written, and as it is known', async () => {
    const text = formatExplanation(await explain({ from: 'Bounce-17+x@example.org' }), read);
    assert.match(text, /mail +from <Bounce-17\+x@example\.org> to <ann@example\.org>/);
    assert.match(text, /triplet +203\.0\.113\.0\/24, <bounce-#@example\.org>, <ann@example\.org>/);
  });

  test('what is exempt, and why', async () => {
    for (const [told, why] of [
      [{ client: '10.1.2.3' }, /yes, trusted: the client is in 10\.0\.0\.0\/8/],
      [{ login: 'joe' }, /yes, authenticated: it has logged in as joe/],
      [{ macro: ['daemon_name=MSA'] }, /yes, local: it comes by the daemon MSA/],
      [{ macro: ['greylist=OK'] }, /yes, access-map: the macro \{greylist\} says OK/],
    ] as const) {
      const text = formatExplanation(await explain(told, { rules: [createRule()] }), read);
      assert.match(text, why);
      assert.match(text, /none is asked, since it is exempt/);
    }
  });

  test('rules of the message, if something is told of it', async () => {
    const messageRules = [createRule({ name: 'spam', action: 'quarantine' })];
    const program = { rules: [createRule()], messageRules };
    const told = await explain({ header: ['X-Spam: yes'], size: '2KiB' }, program);
    const text = formatExplanation(told, read);
    assert.match(text, /message-rules\n {2}matches +spam/);
    assert.match(text, /then, at the end of the message: quarantine, by rule "spam"/);
    assert.doesNotMatch(formatExplanation(await explain({}, program), read), /message-rules/);
  });

  test('never drives a terminal', async () => {
    const text = formatExplanation(await explain({ helo: '\x1b[2Jx' }), read);
    assert.match(text, /helo +\\u001b\[2Jx/);
  });
});

describe('an explanation of an exception', () => {
  const ours = 'local-domains=example.org';
  const sentAt = now - 3_600_000;
  const key = replyKey({ sender: 'joe@example.net', recipient: 'ann@example.org' });
  const stored = {
    [key]: {
      value: encodeReply({ writtenAt: sentAt }),
      expiresAt: now + 1000,
      commit: undefined,
    },
  };
  const spf = (result: 'pass' | 'fail'): Partial<Lookups> => ({
    spf: () => ({ known: true, value: { result, domain: 'example.net', term: 'ip4:x' } }),
  });

  test('a large sender, by its entry and its term; it has no triplet', async () => {
    const network = parseNetwork('203.0.113.0/24');
    assert.ok(network);
    const provider = { name: 'Big', domain: 'b.test', reason: 'pool', date: '2026-11-28' } as const;
    const match = { provider, network, term: 'include:c.test ip4:203.0.113.0/24' };
    let known = false;
    const providers = {
      ...noProviders,
      find: () => (known ? match : undefined),
      refresh: () => Promise.resolve(void (known = true)),
    };
    const explanation = await explain({}, {}, { providers });
    const text = formatExplanation(explanation, read);
    assert.match(
      text,
      /provider +Big, on the list since 2026-11-28 \(pool\)\n +203\.0\.113\.0\/24 by/,
    );
    assert.match(text, / by SPF of b\.test: include:c\.test ip4:203\.0\.113\.0\/24\n/);
    assert.match(text, /result +accept \(provider\)\n.*\n +large senders pass: Big/);
    assert.doesNotMatch(text, /triplet/);
    assert.deepEqual(explanationJson(explanation, read, now)['provider'], {
      ...provider,
      network: '203.0.113.0/24',
      term: match.term,
    });
    const rules = [createRule({ when: [createCondition('yes')], action: 'greylist' })];
    assert.equal((await explain({}, { rules }, { providers })).provider, undefined);
  });

  test("an answer to our own user's mail, with the proof and what was looked up", async () => {
    const explanation = await explain({}, {}, { overrides: [ours], stored, lookups: spf('pass') });
    const text = formatExplanation(explanation, read);
    assert.match(text, /spf +example\.net for 203\.0\.113\.7 +pass for example\.net by ip4:x/);
    assert.match(
      text,
      /reply +to mail of 2026-11-21 11:00:00 UTC, proven\n +SPF: pass for example\.net by ip4:x/,
    );
    assert.match(text, /result +accept \(reply\)\n.*\n +an answer to mail of your own user/);
    assert.deepEqual(explanationJson(explanation, read, now)['answers'], {
      sentAt: '2026-11-21T11:00:00.000Z',
      proven: true,
      by: 'spf',
      found: 'pass for example.net by ip4:x',
    });
  });

  test('one that is not proven, and mail that goes out', async () => {
    const forged = await explain({}, {}, { overrides: [ours], stored, lookups: spf('fail') });
    const text = formatExplanation(forged, read);
    assert.match(text, /reply +to mail of .*, not proven\n +SPF: fail for example\.net by ip4:x/);
    assert.match(text, /result +tempfail \(greylist-new.*\n.*\n +there are no rules/);
    const mail = { login: 'ann', from: 'ann@example.org', to: ['Joe@example.net'] };
    const sent = await explain(mail, {}, { overrides: [ours] });
    assert.match(
      formatExplanation(sent, read),
      /replies +an answer of <joe@example\.net> to <ann@example\.org> need not wait/,
    );
    assert.deepEqual(explanationJson(sent, read, now)['expects-reply'], {
      sender: 'joe@example.net',
      recipient: 'ann@example.org',
    });
  });
});

describe('an explanation for programs', () => {
  test('has the keys that are documented', async () => {
    const answer = explanationJson(await explain({ name: 'mx.example.net' }), read, now);
    assert.deepEqual(Object.keys(answer), [
      ...['at', 'client', 'name', 'helo', 'from', 'to', 'exempt', 'rules', 'message-rules'],
      ...['lookups', 'ruling', 'message-ruling', 'settings', 'triplets', 'store', 'sources'],
      ...['provider', 'expects-reply', 'answers', 'client-autowhite', 'result'],
    ]);
    assert.deepEqual(answer['result'], {
      verdict: 'tempfail',
      would: 'tempfail',
      reason: 'greylist-new',
      identity: null,
      wait: 180,
      delayed: null,
      attempt: 1,
      stage: 'rcpt',
      mode: 'enforce',
      reply: '451 4.7.1 Greylisted, please try again in 180 seconds',
    });
  });
});
