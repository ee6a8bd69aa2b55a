import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { formatConfig } from '../../../src/config/effective.js';
import { describeChange } from '../../../src/config/describe-change.js';
import { loadConfig, parseConfig, type LoadedConfig } from '../../../src/config/load.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { actions } from '../../../src/config/rule-actions.js';
import { conditionKinds } from '../../../src/rules/conditions/index.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Lookups } from '../../../src/rules/lookups.js';
import { projectRoot } from '../../guards/readme-text.js';
import { createEvaluation, createFacts, createLookups } from '../../support/rule-parts.js';

const directory = join(projectRoot, 'config/samples');
const samples = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
const load = (name: string): Promise<LoadedConfig> => loadConfig({ file: join(directory, name) });

/** The rule that decides. */
async function decide(
  sample: string,
  attempt: Parameters<typeof createFacts>[0],
  lookups: Partial<Lookups> = {},
): Promise<string> {
  const { rules } = (await load(sample)).program;
  const known = { dnsList: () => ({ known: true, value: [] }) as const, ...lookups };
  const facts = createFacts(attempt);
  const { action, rule } = await evaluateRules(
    rules,
    createEvaluation(facts, createLookups(known)),
  );
  return `${action}: ${rule?.name ?? 'none'}`;
}

describe('the samples', () => {
  test('are found', () => assert.equal(samples.length, 5));
  for (const name of samples)
    test(`${name} loads without a warning, and again as it is in force`, async () => {
      const loaded = await load(name);
      assert.deepEqual(loaded.warnings, []);
      const file = join(directory, name);
      const again = await loadConfig({ file, text: formatConfig(loaded.config) });
      assert.deepEqual(describeChange(loaded, again), []);
    });
});

test('every condition and every action is in a sample', async () => {
  const programs = await Promise.all(samples.map(async (name) => (await load(name)).program));
  const rules = programs.flatMap((program) => [...program.rules, ...program.messageRules]);
  const used = rules.flatMap(({ when, unless }) => [...when, ...unless].map(({ name }) => name));
  assert.deepEqual([...new Set(used)].sort(), Object.keys(conditionKinds).sort());
  const done = rules.map(({ action }) => action);
  assert.deepEqual([...new Set(done)].sort(), Object.keys(actions).sort());
});

test('the example of every condition loads', () => {
  const lists = "lists: {our-mx: {clients: 192.0.2.1}, partners: {senders: '@example.org'}}\n";
  const lookups = `lookups:
  urls: {blocklist: {url: 'http://192.0.2.1/'}}
  ldap: {servers: 'ldap://192.0.2.1'}
  ldap-queries: {users: {url: 'ldap:///dc=example'}}
`;
  for (const { about, stage } of Object.values(conditionKinds)) {
    const section = stage === 'eom' ? 'message-rules' : 'rules';
    const text = `${lists}${lookups}${section}:\n  - when:\n      ${about.example}\n    then: accept\n`;
    assert.doesNotThrow(() => parseConfig({ text }), about.example);
  }
});

test('the example of every action loads, and is one', () => {
  for (const [name, { example }] of Object.entries(actions)) {
    const section = name === 'quarantine' ? 'message-rules' : 'rules';
    const { program } = parseConfig({ text: `${section}:\n  - ${example}\n` });
    const done = [...program.rules, ...program.messageRules].map(({ action }) => action);
    assert.deepEqual(done, [name], example);
  }
});

describe('what the samples decide', () => {
  const spf = (result: 'pass' | 'fail'): Partial<Lookups> => ({
    spf: () => ({ known: true, value: { result, domain: 'client.example', term: undefined } }),
  });
  const listed = (...zones: readonly string[]): Partial<Lookups> => ({
    dnsList: (zone) => ({ known: true, value: zones.includes(zone) ? ['127.0.0.2'] : [] }),
  });
  const to = (address: string) => ({
    attempt: { recipient: parseEnvelopeAddress(`<${address}>`) },
  });

  for (const [what, sample, attempt, lookups, expected] of [
    ['nothing suspicious', 'suspicious-only', {}, spf('pass'), 'accept: everybody else'],
    [
      'no name',
      'suspicious-only',
      { attempt: { clientName: undefined } },
      {},
      'greylist: no name of its own',
    ],
    ['a listed client', 'suspicious-only', {}, listed('zen.dnsbl.example'), 'greylist: listed'],
    ['SPF fails', 'suspicious-only', {}, spf('fail'), 'greylist: not by SPF'],
    ['nothing can be looked up', 'suspicious-only', {}, {}, 'accept: everybody else'],
    ['a domain', 'opt-out', to('x@example.com'), {}, 'accept: they asked not to wait'],
    ['domains below', 'opt-out', to('x@a.b.example.net'), {}, 'accept: they asked not to wait'],
    ['a person', 'opt-out', to('JOE@example.org'), {}, 'accept: they asked not to wait'],
    ['in the file', 'opt-out', to('ticket-12@example.org'), {}, 'accept: they asked not to wait'],
    ['somebody else', 'opt-out', to('bob@example.org'), {}, 'greylist: none'],
    ['complaints', 'opt-out', to('abuse@example.org'), {}, 'accept: nobody loses a complaint'],
    ['one list', 'longer-delays', {}, listed('zen.dnsbl.example'), 'greylist: listed'],
    [
      'two lists',
      'longer-delays',
      {},
      listed('zen.dnsbl.example', 'bl.dnsbl.example'),
      'greylist: listed twice',
    ],
    ['no list', 'longer-delays', {}, {}, 'greylist: none'],
    [
      'our own',
      'partners',
      { attempt: { clientAddress: parseIpAddress('192.0.2.9') } },
      {},
      'accept: our other MX hosts',
    ],
    [
      'a provider',
      'partners',
      { attempt: { clientName: 'mail-a1.example.org' } },
      {},
      'accept: providers',
    ],
    [
      'a partner',
      'partners',
      { attempt: { sender: parseEnvelopeAddress('<a@example.org>') } },
      spf('pass'),
      'accept: partners, if it is really them',
    ],
    [
      'a forged partner',
      'partners',
      { attempt: { sender: parseEnvelopeAddress('<a@example.org>') } },
      spf('fail'),
      'greylist: none',
    ],
  ] as const)
    test(`${sample}: ${what}`, async () =>
      assert.equal(await decide(`${sample}.yaml`, attempt, lookups), expected));
});
