import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { convertConfig } from '../../../../src/config/convert-config.js';
import { describeChange } from '../../../../src/config/describe-change.js';
import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import { loadConfig, parseConfig } from '../../../../src/config/load.js';
import { decide, type Case } from '../../../support/config-decision.js';
import { foundFiles } from '../../../support/found-files.js';
import { projectRoot } from '../../../guards/readme-text.js';

const own = join(projectRoot, 'test/fixtures/milter-greylist');
const found = foundFiles('greylist-conf');

function filesOf(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.conf'));
}

function assertAllRead(file: string): void {
  const text = readFileSync(file, 'utf8');
  const { statements, problems } = parseGreylistConf(text);
  assert.deepEqual(problems, []);
  // Nothing is skipped: each line is a statement's, a comment's or empty.
  const known = new Set(statements.flatMap(({ place, lastLine }) => linesOf(place.line, lastLine)));
  for (const [index, line] of text.split('\n').entries())
    assert.ok(known.has(index + 1) || /^\s*(?:#.*)?$/.test(line), `${file}:${index + 1}`);
}

function linesOf(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('every line of a greylist.conf is read', () => {
  for (const name of filesOf(own)) test(name, () => assertAllRead(join(own, name)));
});

/** What the defaults of distributions decide: the words of a rule in its line, and what comes of it. */
const distribution: readonly (readonly [told: Case, action: string, rule: RegExp])[] = [
  [{ client: '10.1.2.3' }, 'accept', /list "my network"/],
  [{ client: '192.0.2.7' }, 'accept', /list "my network"/],
  [{ to: 'USER2@example.com' }, 'greylist after 30m', /list "grey users"/],
  [{ to: 'user4@example.com' }, 'accept', /whitelist default/],
];
const google: (typeof distribution)[number] = [
  { client: '74.125.82.41' },
  'accept',
  /list "broken mta"/,
];
const spf = (result: 'pass' | 'fail'): NonNullable<Case['lookups']> => ({
  spf: () => ({ known: true, value: { result, domain: 'client.example', term: undefined } }),
});
const trusted = { '{trusted_domain}': 'yes' };

const decisions: Readonly<Record<string, typeof distribution>> = {
  'debian-4.6.2-3.conf': [...distribution, google],
  'debian-4.6.4-5.conf': [...distribution, google],
  'docker-mail.conf': [
    [{ client: '127.0.0.1' }, 'accept', /list "my network"/],
    google,
    [{}, 'greylist', /greylist default/],
  ],
  'etckeeper-testserver.conf': [...distribution, google],
  'milter-manager-centos-doc.conf': [
    [{ macros: trusted, lookups: spf('pass') }, 'accept', /"trusted_domain" spf pass/],
    [{ macros: trusted, lookups: spf('fail') }, 'greylist', /"trusted_domain" not spf pass/],
    [{ lookups: spf('pass') }, 'greylist', /greylist default/],
  ],
  'milter-manager-freebsd-fixture.conf': [[{}, 'accept', /tarpit 125s/]],
  'upstream-4.6.4.conf': [...distribution, google],
  'upstream-4.6.4-greylist2.conf': [
    [{ client: '127.3.2.1' }, 'accept', /addr 127\.0\.0\.0\/8/],
    [{ client: '66.135.223.9' }, 'accept', /addr 66\.135\.192\.0\/19/],
    [{}, 'greylist', /^$/],
  ],
  'upstream-kou-4.4.1.conf': [...distribution, google],
  'upstream-milter-greylist-1-0.conf': [
    [{ client: '127.3.2.1' }, 'accept', /addr 127\.0\.0\.0\/8/],
    [{}, 'greylist', /^$/],
  ],
  'upstream-milter-greylist-3-0-branch.conf': distribution,
};

if (found !== undefined) {
  describe('files of milter-greylist that were found in the wild', () => {
    test('are those that are known here', () =>
      assert.deepEqual([...filesOf(found)].sort(), Object.keys(decisions).sort()));

    for (const [name, cases] of Object.entries(decisions)) {
      const file = join(found, name);
      test(`${name}: every line is read`, () => assertAllRead(file));

      test(`${name}: decides what milter-greylist does`, async () => {
        const lines = ['', ...readFileSync(file, 'utf8').split('\n')];
        for (const [told, action, words] of cases) {
          const [, decided, rule = ''] = /^(.*) by (.*)$/.exec(await decide(file, told)) ?? [];
          assert.equal(decided, action, JSON.stringify(told));
          assert.match(lines[Number(rule)] ?? '', words, rule);
        }
      });

      test(`${name}: comes to the same when it is converted`, async () => {
        const { text } = await convertConfig(file, {});
        const converted = parseConfig({ file: 'greymilter.yaml', text });
        assert.deepEqual(describeChange(await loadConfig({ file }), converted), []);
      });
    }
  });
}
