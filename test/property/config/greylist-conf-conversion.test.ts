import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';

import { describeChange } from '../../../src/config/describe-change.js';
import { annotations } from '../../../src/config/greylist-conf/annotations.js';
import { readGreylistConf } from '../../../src/config/greylist-conf/read.js';
import { parseConfig } from '../../../src/config/load.js';
import { writeAnnotatedYaml } from '../../../src/config/yaml-text.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Facts } from '../../../src/rules/facts.js';
import type { Rule } from '../../../src/rules/rule.js';
import { RateWindow } from '../../../src/rules/rate-window.js';
import { projectRoot } from '../../guards/readme-text.js';
import { foundFiles } from '../../support/found-files.js';
import { createEvaluation, createFacts, createLookups } from '../../support/rule-parts.js';
import { addresses, clients, greylistConf } from './greylist-conf-arbitraries.js';
import { fc } from '../../support/properties.js';

const GREYLIST_CONF = { ignoresUnsupported: true };

/** The same configuration from the file, and from what it is converted to. */
function bothOf(text: string) {
  const own = parseConfig({ file: 'greylist.conf', text, greylistConf: GREYLIST_CONF });
  const read = readGreylistConf(text, GREYLIST_CONF);
  const yaml = writeAnnotatedYaml(read.value, annotations('greylist.conf', read));
  const converted = parseConfig({ file: 'greymilter.yaml', text: yaml });
  return { own, converted };
}

/** Each file of a directory, if that is there: those of others are not part of the project. */
function filesOf(directory: string | undefined): readonly string[] {
  if (directory === undefined) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith('.conf'));
  return names.map((name) => join(directory, name));
}

const names = ['mx.example.net', 'dsl-7.example.org', undefined] as const;

/** What somebody might send. */
const facts: fc.Arbitrary<Facts> = fc
  .record({
    client: fc.constantFrom(...clients),
    name: fc.constantFrom(...names),
    sender: fc.constantFrom(...addresses, ''),
    recipient: fc.constantFrom(...addresses),
    helo: fc.constantFrom('mx.example.net', '[192.0.2.1]', 'x'),
    login: fc.constantFrom(undefined, 'alice', 'bob'),
    certSubject: fc.constantFrom(undefined, '/CN=mx', 'partner'),
    mailer: fc.constantFrom('local', 'esmtp', ''),
    recipientsBefore: fc.nat(5),
    subject: fc.constantFrom('make money', 'hello'),
    body: fc.constantFrom('hallo\n', 'all good\nbye\n'),
    bytes: fc.constantFrom(10, 5000),
    hour: fc.nat(23),
  })
  .map((told) =>
    createFacts({
      now: Date.UTC(2026, 10, 21, told.hour),
      attempt: {
        clientAddress: parseIpAddress(told.client),
        clientName: told.name,
        sender: parseEnvelopeAddress(`<${told.sender}>`),
        recipient: parseEnvelopeAddress(`<${told.recipient}>`),
        helo: told.helo,
        login: told.login,
        certSubject: told.certSubject,
      },
      macros: {
        '{rcpt_mailer}': told.mailer,
        ...(told.certSubject !== undefined && {
          '{verify}': 'OK',
          '{cert_subject}': told.certSubject,
        }),
      },
      recipientsBefore: told.recipientsBefore,
      message: {
        headers: [['Subject', told.subject]],
        bytes: told.bytes,
        body: { text: told.body, bytes: Buffer.from(told.body), isWhole: true },
      },
    }),
  );

/** Some lists know some clients, and one of them is away. */
const lookups = createLookups({
  dnsList: (zone, { text }) => {
    if (zone.startsWith('two') && text === '192.0.2.200') return { known: false, problem: 'away' };
    return { known: true, value: text.endsWith('1') ? ['127.0.0.2'] : [] };
  },
  spf: ({ sender }) =>
    sender.localPart === 'c'
      ? { known: false, problem: 'away' }
      : {
          known: true,
          value: {
            result: sender.localPart === 'a' ? 'pass' : 'fail',
            domain: '',
            term: undefined,
          },
        },
  geo: () => ({ known: true, value: { country: 'FR', asn: undefined, organisation: undefined } }),
  mailExchangers: () => ({ known: true, value: [] }),
  // What they answer shows what they were asked.
  url: ({ url }) =>
    url.includes('c@')
      ? { known: false, problem: 'away' }
      : { known: true, value: [['n', String(url.length)]] },
  ldap: ({ filter }) => ({
    known: true,
    value: { entries: filter.includes('a@') ? 1 : 0, values: [['w', filter]] },
  }),
  dkim: ({ body }) => ({
    known: true,
    value: body.length > 7 ? [{ domain: 'example.net', result: 'pass' }] : [],
  }),
});

/** Who decides what, mail by mail; counters and properties go on from one to the next. */
async function decide(rules: readonly Rule[], mails: readonly Facts[]): Promise<readonly string[]> {
  const rates = new RateWindow();
  const decisions: string[] = [];
  for (const mail of mails) {
    const ruling = await evaluateRules(rules, { ...createEvaluation(mail, lookups), rates });
    const { action: verdict, rule: decisive, settings } = ruling;
    decisions.push(`${verdict} ${decisive?.name ?? 'none'} ${JSON.stringify(settings)}`);
  }
  return decisions;
}

describe('a converted greylist.conf', () => {
  test('decides as the file does', async () => {
    await fc.assert(
      fc.asyncProperty(
        greylistConf,
        fc.array(facts, { minLength: 1, maxLength: 6 }),
        async (text, mails) => {
          const { own, converted } = bothOf(text);
          assert.deepEqual(describeChange(own, converted), []);
          for (const section of ['rules', 'messageRules'] as const) {
            const [left, right] = [own, converted].map(({ program }) => program[section]);
            assert.deepEqual(await decide(left ?? [], mails), await decide(right ?? [], mails));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  const own = join(projectRoot, 'test/fixtures/milter-greylist');
  for (const file of [own, foundFiles('greylist-conf')].flatMap(filesOf))
    test(`${basename(file)} decides as the file does`, async () => {
      const { own, converted } = bothOf(readFileSync(file, 'utf8'));
      await fc.assert(
        fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 4 }), async (mails) => {
          for (const section of ['rules', 'messageRules'] as const) {
            const expected = await decide(own.program[section], mails);
            assert.deepEqual(await decide(converted.program[section], mails), expected);
          }
        }),
        { numRuns: 20 },
      );
    });
});
