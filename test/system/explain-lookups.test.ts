import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runGreymilter } from '../support/daemon-process.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { createTempDirectory } from '../support/temp-directory.js';

const zones = {
  'sender.test': [
    '@ TXT "v=spf1 include:_spf.partner.test -all"',
    '@ MX 10 mail',
    'mail A 192.0.2.1',
  ].join('\n'),
  'partner.test': '_spf TXT "v=spf1 ip4:198.51.100.0/24 -all"',
  'bl.test': '2.0.0.127 A 127.0.0.2\n66.113.0.203 A 127.0.0.2\n66.113.0.203 A 127.0.0.10',
  'wl.test': '2.0.0.127 A 127.0.0.2',
};

const rules = `rules:
  - name: not listed
    when: {dnsbl: {zones: [wl.test]}}
    then: accept
  - name: listed
    when: {dnsbl: {zones: [wl.test, bl.test], answers: ['127.0.0.2/31']}}
    then: greylist
    delay: 30m
    text: "You are in {dnsbl}, wait {wait} seconds"
  - name: sent by its own exchanger
    when: {sender-mx: true}
    then: accept
  - name: by SPF
    when: {spf: pass}
    then: accept
  - name: not by SPF
    when: {spf: fail}
    then: reject
`;

describe('explain with a real name server', { skip: skipWithoutDnsServer() }, () => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  let server: DnsServer;
  let config: string;

  before(async () => {
    const cleanUp = { after: (stop: () => void | Promise<void>) => cleanUps.unshift(stop) };
    server = await startDnsServer(cleanUp, zones);
    const directory = createTempDirectory(cleanUp);
    config = join(directory, 'greymilter.yaml');
    writeFileSync(
      config,
      `store: {url: 'level:${directory}/db'}
lookups: {timeout: 8s, resolvers: '${server.address}'}
${rules}limits: {answer: 9s}
`,
    );
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  /** What it says, blanks in a row as two. */
  const ask = async (client: string, from = 'joe@sender.test') => {
    const mail = ['--client', client, '--from', from, '--to', 'ann@local.example'];
    const { code, stdout, stderr } = await runGreymilter(['explain', '--config', config, ...mail]);
    assert.deepEqual([code, stderr], [0, '']);
    return stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));
  };
  const has = (lines: readonly string[], ...expected: readonly string[]): void => {
    for (const line of expected)
      assert.ok(lines.includes(line), `${line}\n--\n${lines.join('\n')}`);
  };

  test('a listed client: what was asked, what was found, and what the client is told of it', async () => {
    const lines = await ask('203.0.113.66');
    has(
      lines,
      `does not match  not listed  ${config}:4  dnsbl: wl.test does not list it`,
      `matches  listed  ${config}:7  dnsbl: wl.test does not list it, bl.test says 127.0.0.2, 127.0.0.10; then greylist`,
      `not asked  by SPF  ${config}:15`,
      'dns list  wl.test for 203.0.113.66  not listed',
      'dns list  bl.test for 203.0.113.66  127.0.0.2, 127.0.0.10',
      `delay  30m  by rule "listed" (${config}:7)`,
      '451 4.7.1 You are in bl.test, wait 1800 seconds',
    );
  });

  test("the sender's own exchanger", async () => {
    has(
      await ask('192.0.2.1'),
      `does not match  listed  ${config}:7  dnsbl: wl.test does not list it, bl.test does not list it`,
      `matches  sent by its own exchanger  ${config}:12  sender-mx: exchangers of sender.test: 192.0.2.1; then accept`,
      'mx  sender.test  192.0.2.1',
      'result  accept (rule)',
    );
  });

  test('SPF, with the term that decided; what two rules ask is asked once', async () => {
    const lines = await ask('198.51.100.9');
    const by = 'by include:_spf.partner.test ip4:198.51.100.0/24';
    has(
      lines,
      `does not match  sent by its own exchanger  ${config}:12  sender-mx: exchangers of sender.test: none of 1 is near`,
      `matches  by SPF  ${config}:15  spf: SPF of sender.test: pass ${by}; then accept`,
      'result  accept (rule)',
    );
    assert.deepEqual(lines.slice(lines.indexOf('lookups') + 1, lines.indexOf('settings') - 1), [
      'dns list  wl.test for 198.51.100.9  not listed',
      'dns list  bl.test for 198.51.100.9  not listed',
      'mx  sender.test  192.0.2.1',
      `spf  sender.test for 198.51.100.9  pass for sender.test ${by}`,
    ]);
  });

  test('what cannot be found out makes no rule match', async () => {
    const why = 'elsewhere.invalid: EREFUSED';
    has(
      await ask('198.51.100.9', 'joe@elsewhere.invalid'),
      `unknown  sent by its own exchanger  ${config}:12  sender-mx: the exchangers of elsewhere.invalid are not known: MX ${why}`,
      `unknown  by SPF  ${config}:15  spf: SPF is not known: TXT ${why}`,
      `unknown  not by SPF  ${config}:18  spf: SPF is not known: TXT ${why}`,
      `spf  elsewhere.invalid for 198.51.100.9  unknown: TXT ${why}`,
      'no rule has decided: whoever is left is greylisted',
    );
  });
});
