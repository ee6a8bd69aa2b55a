import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { formatIssue, formatIssueLine } from '../../../src/config/config-error.js';
import { formatConfig } from '../../../src/config/effective.js';
import { loadConfig } from '../../../src/config/load.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const fixtures = fileURLToPath(new URL('../../fixtures/postgrey', import.meta.url));

/** Those of Debian's package, where it is installed. */
const debians = '/etc/postgrey';

const listsOf = (directory: string): string => `
lists:
  white:
    clients: {postgrey: ${directory}/whitelist_clients}
    recipients: [{postgrey: ${directory}/whitelist_recipients}]
rules:
  - {when: {client: list:white}, then: accept}
  - {when: {recipient: list:white}, then: accept}
`;

describe('lists of Postgrey', () => {
  test('are lists as any others, and their differences are warnings with file and line', async () => {
    const loaded = await loadConfig({ text: listsOf(fixtures) });
    const white = loaded.lists.get('white');
    assert.deepEqual(
      white?.clients?.map(({ value, place }) => [value.kind, value.text, place.split(':').at(-1)]),
      [
        ['within', 'news.example.com', '4'],
        ['pattern', '/^mx-out\\d+\\.pool\\.example\\.net$/', '6'],
        ['network', '192.0.2.25/32', '7'],
        ['network', '198.51.100.0/24', '8'],
        ['network', '2001:db8:aaaa::/48', '9'],
        ['network', '10.20.0.0/16', '10'],
        ['below', '.partner.example', '11'],
        ['pattern', '/^unknown-(?:a|b)\\.example$/', '12'],
      ],
    );
    assert.deepEqual(
      white.recipients?.map(({ value }) => [value.kind, value.text]),
      [
        ['mailbox', 'postmaster@'],
        ['mailbox', 'abuse@'],
        ['mailbox', 'ceo@example.org'],
        ['within', 'sales.example.org'],
      ],
    );
    assert.deepEqual(
      loaded.warnings.map(({ file, line, path }) => [file, line, path]),
      [
        [`${fixtures}/whitelist_clients`, 10, 'lists.white.clients'],
        [`${fixtures}/whitelist_clients`, 11, 'lists.white.clients'],
      ],
    );
    assert.match(
      loaded.warnings.map(formatIssue).join('\n'),
      /whitelist_clients:10:1: lists\.white\.clients: is 10\.20\.0\.0\/16, .*\n {4}10\.20\n {4}\^ write/,
    );
  });

  test('stand in the effective configuration as they were written', async () => {
    const { config } = await loadConfig({ text: listsOf(fixtures) });
    const written = formatConfig(config);
    assert.match(written, /- postgrey: .*\/whitelist_clients/);
    assert.deepEqual((await loadConfig({ text: written })).config, config);
  });

  test('of Debian are read without a word', { skip: !existsSync(debians) }, async () => {
    const { lists, warnings } = await loadConfig({ text: listsOf(debians) });
    assert.deepEqual(warnings, []);
    const { clients = [], recipients = [] } = lists.get('white') ?? {};
    const lines = readFileSync(join(debians, 'whitelist_clients'), 'utf8').split('\n');
    assert.equal(clients.length, lines.filter((line) => /^[^#\s]/.test(line)).length);
    assert.deepEqual(
      recipients.map(({ value }) => value.text),
      ['postmaster@', 'abuse@'],
    );
  });

  test('that are wrong are refused with file and line, and long ones told of a hundred times', async (t) => {
    const directory = createTempDirectory(t);
    writeFileSync(join(directory, 'whitelist_clients'), 'a.example\n/(?=a)/\n');
    writeFileSync(join(directory, 'whitelist_recipients'), '');
    await assert.rejects(
      loadConfig({ text: listsOf(directory) }),
      /whitelist_clients:2:1: lists\.white\.clients: has a lookaround, which patterns here cannot/,
    );
    writeFileSync(join(directory, 'whitelist_clients'), '.a.example\n'.repeat(5000));
    const { warnings } = await loadConfig({ text: listsOf(directory) });
    assert.equal(warnings.length, 101);
    assert.match(warnings.at(-1)?.problem ?? '', /^4900 more lines .* are to be looked at$/);
    writeFileSync(join(directory, 'whitelist_clients'), 'a'.repeat(5000));
    await assert.rejects(loadConfig({ text: listsOf(directory) }), /is too long for an entry/);
  });

  test('that another program takes lose what is wrong in them, and are told of it', async (t) => {
    const directory = createTempDirectory(t);
    const lines = ['a.example', '/(?=a)/', '.b.example', '/(/', 'a'.repeat(5000), 'c.example'];
    writeFileSync(join(directory, 'whitelist_clients'), lines.join('\n'));
    writeFileSync(join(directory, 'whitelist_recipients'), '/(a)\\1/\nd@example.org\n');
    const text = listsOf(directory);
    const { lists, warnings } = await loadConfig({ text, forgivingLists: ['white'] });
    const { clients = [], recipients = [] } = lists.get('white') ?? {};
    assert.deepEqual(
      [...clients, ...recipients].map(({ value }) => value.text),
      ['a.example', '.b.example', 'c.example', 'd@example.org'],
    );
    const told = warnings.map(formatIssueLine).map((line) => line.slice(directory.length));
    const out = 'is left out, all else is used:';
    assert.deepEqual(told.slice(0, 2), [
      `/whitelist_clients:2:1: lists.white.clients: ${out} /(?=a)/ has a lookaround, which patterns here cannot have; use two conditions, or one under \`unless\``,
      `/whitelist_clients:4:1: lists.white.clients: ${out} /(/ is a wrong pattern: missing closing ) at (; put a backslash before what stands for itself: \\( \\[ \\{ \\* \\+ \\?`,
    ]);
    assert.match(
      told[2] ?? '',
      /:5:1: .* a{200} is too long for an entry; write one entry a line$/,
    );
    assert.match(told[3] ?? '', /:3:1: .*matches all names below b\.example/);
    assert.match(told[4] ?? '', /recipients:1:1: .* \/\(a\)\\1\/ has a backreference/);
    assert.equal(told.length, 5);
    await assert.rejects(loadConfig({ text, forgivingLists: ['black'] }), /:2:1: .*a lookaround/);
    writeFileSync(join(directory, 'whitelist_clients'), '/(/\n'.repeat(5000));
    const many = await loadConfig({ text, forgivingLists: ['white'] });
    assert.match(many.warnings[100]?.problem ?? '', /^4900 more lines from here on are left out$/);
  });

  test('may be older than UTF-8, as ours may not', async (t) => {
    const path = join(createTempDirectory(t), 'list');
    writeFileSync(path, Buffer.from('# \xfc\na.example\n', 'latin1'));
    const named = (key: string): string => `lists: {white: {clients: {${key}: ${path}}}}`;
    const { lists } = await loadConfig({ text: named('postgrey') });
    assert.equal(lists.get('white')?.clients?.length, 1);
    await assert.rejects(loadConfig({ text: named('file') }), /list: is not UTF-8 text/);
  });
});
