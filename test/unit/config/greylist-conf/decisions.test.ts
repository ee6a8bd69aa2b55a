import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { convertConfig } from '../../../../src/config/convert-config.js';
import { describeChange } from '../../../../src/config/describe-change.js';
import { formatConfig } from '../../../../src/config/effective.js';
import { loadConfig, parseConfig, type LoadedConfig } from '../../../../src/config/load.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { evaluateRules } from '../../../../src/rules/evaluate.js';
import type { Lookups } from '../../../../src/rules/lookups.js';
import { RateWindow } from '../../../../src/rules/rate-window.js';
import { projectRoot } from '../../../guards/readme-text.js';
import { decide, type Case } from '../../../support/config-decision.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const directory = join(projectRoot, 'test/fixtures/milter-greylist');
const samples = readdirSync(directory).filter((name) => name.endsWith('.conf'));
const load = (name: string): Promise<LoadedConfig> => loadConfig({ file: join(directory, name) });

describe('files of milter-greylist', () => {
  test('are found', () => assert.equal(samples.length, 10));
  for (const name of samples) {
    test(`${name} loads, and its rules have its lines`, async () => {
      const file = join(directory, name);
      const { program, notes } = await load(name);
      const rules = [...program.rules, ...program.messageRules];
      assert.ok(rules.length > 0);
      for (const { place, name: rule } of rules) {
        if (rule === 'delayedreject' || rule === 'spf') continue;
        assert.equal(place.file, file);
        assert.ok((place.line ?? 0) > 0, rule);
      }
      for (const note of notes) assert.ok((note.line ?? 0) > 0);
    });

    test(`${name} comes to the same when it is converted`, async () => {
      const file = join(directory, name);
      const { text } = await convertConfig(file, {});
      const converted = parseConfig({ file: 'greymilter.yaml', text });
      const loaded = await load(name);
      assert.deepEqual(describeChange(loaded, converted), []);
      // And what is in force of it loads as well.
      const again = parseConfig({ text: formatConfig(converted.config) });
      assert.deepEqual(describeChange(loaded, again), []);
    });
  }
});

const spf = (result: 'pass' | 'fail'): Partial<Lookups> => ({
  spf: () => ({ known: true, value: { result, domain: 'client.example', term: undefined } }),
});
const listedIn = (zone: string, answer: string): Partial<Lookups> => ({
  dnsList: (asked) => ({ known: true, value: asked === zone ? [answer] : [] }),
});
const inCountry = (country: string): Partial<Lookups> => ({
  geo: () => ({ known: true, value: { country, asn: undefined, organisation: undefined } }),
});
const trusted = { '{trusted_domain}': 'yes' };

describe('what they decide', () => {
  const cases: readonly (readonly [sample: string, what: string, told: Case, decided: string])[] = [
    ['distribution', 'our own', { client: '10.1.2.3' }, 'accept by 33'],
    ['distribution', 'one that does not come back', { client: '198.51.100.17' }, 'accept by 34'],
    ['distribution', 'who wants it', { to: 'USER1@example.com' }, 'greylist after 30m by 35'],
    ['distribution', 'who is called alike', { to: 'xuser1@example.com' }, 'accept by 36'],
    ['distribution', 'anybody', {}, 'accept by 36'],
    ['everybody', 'our own', { client: '192.0.2.7' }, 'accept by 10'],
    ['everybody', 'anybody', {}, 'greylist by 11'],
    ['manual', 'trusted, by SPF', { macros: trusted, lookups: spf('pass') }, 'accept by 6'],
    ['manual', 'trusted, not by SPF', { macros: trusted, lookups: spf('fail') }, 'greylist by 7'],
    ['manual', 'trusted, not known', { macros: trusted }, 'greylist by 7'],
    ['manual', 'anybody', { lookups: spf('pass') }, 'greylist by 8'],
    ['tarpit', 'anybody', {}, 'accept by 2'],
    ['first', 'a recipient', { to: 'postmaster@example.com' }, 'accept by 6'],
    ['first', 'a sender', { from: 'Friendly@example.com' }, 'accept by 5'],
    ['first', 'a sender that ends so', { from: 'unfriendly@example.com' }, 'greylist by none'],
    ['first', 'a name', { name: 'mx.example.net' }, 'accept by 4'],
    ['first', 'a name that ends so', { name: 'myexample.net' }, 'accept by 4'],
    ['first', 'an address', { client: '192.0.2.7' }, 'accept by 3'],
    ['first', 'anybody', {}, 'greylist by none'],
    ['acl', 'our own', { client: '192.0.2.7' }, 'accept by 6'],
    ['acl', 'who wants it', { to: 'x@lists.example.com' }, 'greylist after 30m by 7'],
    ['acl', 'who does not', { to: 'x@lists.example.com.example' }, 'accept by 8'],
    ['rates', 'anybody', { client: '192.0.2.7' }, 'accept by 7'],
    [
      'lookups',
      'on the white list',
      { lookups: listedIn('list.dnswl.example', '127.0.5.1') },
      'accept by 9',
    ],
    [
      'lookups',
      'listed and dynamic',
      {
        name: 'a.dyn.example.net',
        lookups: listedIn('zen.dnsbl.example', '127.0.0.3'),
      },
      'reject by 10',
    ],
    [
      'lookups',
      'listed',
      { lookups: listedIn('zen.dnsbl.example', '127.0.0.3') },
      'greylist after 720m by 11',
    ],
    [
      'lookups',
      'listed otherwise',
      {
        lookups: { ...listedIn('zen.dnsbl.example', '127.0.0.4'), ...spf('pass') },
      },
      'accept by 15',
    ],
    ['lookups', 'from here', { lookups: inCountry('DE') }, 'accept by 12'],
    [
      'lookups',
      'from here, but a line',
      {
        name: 'dsl7.client.example',
        lookups: { ...inCountry('DE'), ...spf('pass') },
      },
      'accept by 15',
    ],
    [
      'lookups',
      'an exchanger',
      {
        lookups: {
          mailExchangers: () => ({
            known: true,
            value: [parseIpAddress('203.0.113.99')].filter((one) => one !== undefined),
          }),
        },
      },
      'accept by 13',
    ],
    ['lookups', 'not by SPF', { lookups: spf('fail') }, 'greylist after 30m by 14'],
    ['lookups', 'SPF not known', {}, 'greylist after 30m by 14'],
    ['everybody', 'anybody, by SPF', { lookups: spf('pass') }, 'accept by spf'],
    ['messages', 'ours', { client: '192.0.2.7' }, 'accept by ours'],
    ['messages', 'anybody', {}, 'accept by mail'],
    ['messages', 'a large mail', { message: { bytes: 2 ** 20 } }, 'reject by big'],
    [
      'messages',
      'spam',
      {
        to: 'guarded@example.com',
        message: { headers: [['X-Spam-Flag', 'YES']] },
      },
      'reject by spam',
    ],
    [
      'messages',
      'spam for others',
      { message: { headers: [['X-Spam-Flag', 'YES']] } },
      'greylist by none',
    ],
    ['messages', 'many', { message: {}, recipientsBefore: 4 }, 'reject by many'],
    [
      'messages',
      'many of a list',
      {
        message: { headers: [['List-Id', 'x']] },
        recipientsBefore: 4,
      },
      'greylist by none',
    ],
    ['messages', 'guarded', { to: 'guarded@example.com', message: {} }, 'greylist by guard'],
  ];
  for (const [sample, what, told, decided] of cases)
    test(`${sample}: ${what}`, async () => {
      assert.equal(await decide(join(directory, `${sample}.conf`), told), decided);
    });

  test('rates: the third recipient within a minute is too much', async () => {
    const { program } = await load('rates.conf');
    const rates = new RateWindow();
    const facts = createFacts({ attempt: { clientAddress: parseIpAddress('192.0.2.7') } });
    const actions: string[] = [];
    for (let count = 0; count < 3; count++) {
      const ruling = await evaluateRules(program.rules, { ...createEvaluation(facts), rates });
      actions.push(ruling.action);
    }
    assert.deepEqual(actions, ['accept', 'accept', 'tempfail']);
  });
});
