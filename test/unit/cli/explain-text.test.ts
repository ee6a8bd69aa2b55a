import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedMail } from '../../../src/cli/explain-input.js';
import { explanationJson } from '../../../src/cli/explain-json.js';
import type { ToldMail } from '../../../src/cli/explain-options.js';
import { formatExplanation } from '../../../src/cli/explain-text.js';
import { parseConfig } from '../../../src/config/load.js';
import { explainMail, type Explanation } from '../../../src/daemon/explain-mail.js';
import type { Lookups } from '../../../src/rules/lookups.js';
import { noProgram, type Program } from '../../../src/rules/rule.js';
import { createCondition, createLookups, createRule } from '../../support/rule-parts.js';

const now = Date.UTC(2026, 10, 21, 12);
const read = { kind: 'read', path: '/db' } as const;

async function explain(
  told: ToldMail,
  program: Partial<Program> = {},
  {
    overrides = [],
    lookups = {},
  }: { readonly overrides?: readonly string[]; readonly lookups?: Partial<Lookups> } = {},
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
    program: { ...noProgram, ...program },
    lookups: { forRecipient: () => createLookups(lookups) },
  };
  const store = { get: () => undefined };
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

describe('an explanation for programs', () => {
  test('has the keys that are documented', async () => {
    const answer = explanationJson(await explain({ name: 'mx.example.net' }), read, now);
    assert.deepEqual(Object.keys(answer), [
      ...['at', 'client', 'name', 'helo', 'from', 'to', 'exempt', 'rules', 'message-rules'],
      ...['lookups', 'ruling', 'message-ruling', 'settings', 'triplets', 'store', 'sources'],
      'result',
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
