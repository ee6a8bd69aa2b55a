import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseLdapUrl } from '../../../../src/config/ldap-url.js';
import { parsePlainTemplate } from '../../../../src/greylist/text-template.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { ldapCondition } from '../../../../src/rules/conditions/ldap.js';
import { urlCondition } from '../../../../src/rules/conditions/url.js';
import type { LookupDefinitions } from '../../../../src/rules/lookup-definitions.js';
import type { LdapQuestion, NamedValues, UrlQuestion } from '../../../../src/rules/lookups.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

function template(text: string) {
  const parsed = parsePlainTemplate(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

function ldapUrl(text: string) {
  const parsed = parseLdapUrl(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

const url = { url: template('http://h/?s={sender}'), encode: true, 'post-message': false };
const query = {
  url: ldapUrl('ldap:///ou={helo}?mail?sub?(mail={sender})'),
  escape: true,
  match: true,
};

const definitions: LookupDefinitions = {
  urls: {
    check: url,
    raw: { ...url, encode: false },
    kept: { ...url, properties: 'message' },
    posted: { ...url, 'post-message': true },
    shows: { ...url, url: template('http://h/{macro:auth_type}') },
  },
  ldapQueries: {
    users: query,
    raw: { ...query, escape: false },
    loads: { ...query, match: false, properties: 'recipient' },
  },
};

const context = { definitions };
const sender = parseEnvelopeAddress('<"a&b*("@client.example>');

describe('the condition url', () => {
  const rig = (answers: Readonly<Record<string, NamedValues | undefined>>, more: object = {}) => {
    const asked: UrlQuestion[] = [];
    const lookups = createLookups({
      url: (question) => {
        asked.push(question);
        const value = answers[question.name];
        return value === undefined
          ? { known: false, problem: 'no answer in time' }
          : { known: true, value };
      },
    });
    return {
      asked,
      evaluation: createEvaluation(createFacts({ attempt: { sender }, ...more }), lookups),
    };
  };
  const yes: NamedValues = [['milterGreylistStatus', 'Ok']];

  for (const [written, answers, truth, note] of [
    ['check', { check: yes }, 'yes', 'check says milterGreylistStatus: Ok'],
    [
      'check',
      { check: [...yes, ['a', 'b']] },
      'yes',
      'check says milterGreylistStatus: Ok and 1 more',
    ],
    ['check', { check: [] }, 'no', 'check says nothing'],
    ['check', { check: [['quota', '5']] }, 'no', 'check says quota: 5'],
    ['check', {}, 'unknown', 'check has no answer: no answer in time'],
  ] as const)
    test(`${note}: ${truth}`, async () => {
      const condition = compileWritten(urlCondition, written, { context });
      assert.deepEqual(await ask(condition, rig(answers).evaluation), { truth, notes: [note] });
    });

  for (const [names, answers, truth] of [
    [['check', 'raw'], { check: [], raw: yes }, 'yes'],
    [['check', 'raw'], { raw: yes }, 'yes'],
    [['check', 'raw'], { check: [] }, 'unknown'],
    [['check', 'raw'], { check: [], raw: [] }, 'no'],
  ] as const)
    test(`of several, ${JSON.stringify(answers)}: ${truth}`, async () => {
      const condition = compileWritten(urlCondition, [...names], { context });
      assert.equal(await condition.test(rig(answers).evaluation), truth);
    });

  test('fills the URL in, encoded unless told otherwise', async () => {
    const { asked, evaluation } = rig({ check: [], raw: [] });
    await compileWritten(urlCondition, ['check', 'raw'], { context }).test(evaluation);
    assert.deepEqual(asked, [
      { name: 'check', url: 'http://h/?s=%22a%26b%2A%28%22%40client.example' },
      { name: 'raw', url: 'http://h/?s="a&b*("@client.example' },
    ]);
  });

  test('posts the message once it is there', async () => {
    const { asked, evaluation } = rig({ posted: [] });
    const condition = compileWritten(urlCondition, 'posted', { context });
    await condition.test(evaluation);
    assert.equal(asked[0]?.message, undefined);
    const message = {
      headers: [],
      bytes: 0,
      rawHeaders: [
        ['Subject', ' a\n b'],
        ['X', ''],
      ],
    } as const;
    const bytes = Buffer.from('text\r\n');
    for (const [body, text] of [
      [{ text: '', bytes, isWhole: true }, 'text\r\n'],
      [undefined, ''],
    ] as const) {
      const there = rig({ posted: [] }, { message: { ...message, body } });
      await condition.test(there.evaluation);
      const posted = Buffer.from(there.asked[0]?.message ?? []).toString();
      assert.equal(posted, `Subject: a\r\n b\r\nX:\r\n\r\n${text}`);
    }
  });

  test('keeps what a server says as properties, if it holds', async () => {
    const { evaluation } = rig({ kept: [...yes, ['Quota', '5'], ['quota', '6'], ['a b', 'c']] });
    const condition = compileWritten(urlCondition, 'kept', { context });
    // Asked again it says the same, and not twice as much.
    await condition.test(evaluation);
    await condition.test(evaluation);
    assert.deepEqual(evaluation.properties.all('quota'), ['5', '6']);
    const { evaluation: other } = rig({ kept: [['quota', '5']] });
    await condition.test(other);
    assert.equal(other.properties.get('quota'), undefined);
  });

  test('asks for the macros that its URLs show, and for the message to post', () => {
    const { urls } = definitions;
    const { shows, check, posted } = urls;
    assert.ok(shows !== undefined && check !== undefined && posted !== undefined);
    const needs = (some: LookupDefinitions['urls']) =>
      urlCondition.needs?.([], { urls: some, ldapQueries: {} });
    assert.deepEqual(needs({ shows, check }), { macros: ['{auth_type}'] });
    const message = { headers: true, rawHeaders: true, body: true, text: true };
    assert.deepEqual(needs({ posted }), { macros: [], ...message });
    assert.deepEqual(urlCondition.needs?.([]), { macros: [] });
  });

  test('complains of a name that there is not', () => {
    const complaints: unknown[] = [];
    const complain = (...complaint: unknown[]) => void complaints.push(complaint);
    compileWritten(urlCondition, ['check', 'toString'], { context: { definitions, complain } });
    compileWritten(urlCondition, 'check', { context: { complain } });
    const known = 'there are check, raw, kept, posted, shows';
    assert.deepEqual(complaints, [
      [[1], 'names what is not under lookups.urls, toString', known],
      [[0], 'names what is not under lookups.urls, check', 'write it under lookups.urls'],
    ]);
    assert.deepEqual(issuesOfWritten(urlCondition, ' x'), [': is no name']);
  });
});

describe('the condition ldap', () => {
  const rig = (entries: number | undefined, values: NamedValues = []) => {
    const asked: LdapQuestion[] = [];
    const lookups = createLookups({
      ldap: (question) => {
        asked.push(question);
        return entries === undefined
          ? { known: false, problem: 'ldap://h: no answer in time' }
          : { known: true, value: { entries, values } };
      },
    });
    const facts = createFacts({ attempt: { sender, helo: ' a,b' } });
    return { asked, evaluation: createEvaluation(facts, lookups) };
  };

  for (const [name, entries, truth, note] of [
    ['users', 1, 'yes', 'users says mail: a@b'],
    ['users', 0, 'no', 'users says mail: a@b'],
    ['users', undefined, 'unknown', 'users has no answer: ldap://h: no answer in time'],
    ['loads', 1, 'no', 'loads says mail: a@b'],
  ] as const)
    test(`${note}, with ${entries ?? 'no'} entries: ${truth}`, async () => {
      const { evaluation } = rig(entries, [['mail', 'a@b']]);
      const condition = compileWritten(ldapCondition, name, { context });
      assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
      const isKept = name === 'loads';
      assert.equal(evaluation.properties.get('mail'), isKept ? 'a@b' : undefined);
    });

  test('fills base and filter in, escaped each in its way unless told otherwise', async () => {
    const { asked, evaluation } = rig(0);
    await compileWritten(ldapCondition, ['users', 'raw'], { context }).test(evaluation);
    const rest = { scope: 'sub', attributes: ['mail'] } as const;
    assert.deepEqual(asked, [
      { base: 'ou=\\ a\\,b', filter: '(mail="a&b\\2A\\28"@client.example)', ...rest },
      { base: 'ou= a,b', filter: '(mail="a&b*("@client.example)', ...rest },
    ]);
  });

  test('lets an entry say what its rule does', async () => {
    const { evaluation } = rig(1, [['milterGreylistDelay', '5m']]);
    await compileWritten(ldapCondition, 'users', { context }).test(evaluation);
    assert.deepEqual(
      evaluation.overrides.map(({ settings }) => settings),
      [{ delayMs: 300_000 }],
    );
  });

  test('asks for the macros that it shows', () => {
    const { users } = definitions.ldapQueries;
    assert.ok(users !== undefined);
    const shows = { ...users, url: ldapUrl('ldap:///o={macro:x}?a?sub?(b={macro:yy})') };
    const needs = ldapCondition.needs?.([], { urls: {}, ldapQueries: { users, shows } });
    assert.deepEqual(needs, { macros: ['x', '{yy}'] });
    assert.deepEqual(ldapCondition.needs?.([]), { macros: [] });
  });
});
