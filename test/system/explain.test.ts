import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { explain } from '../../src/cli/explain/explain.js';
import { lastFirst } from '../support/clean-ups.js';
import {
  runGreymilter,
  startGreymilter,
  type GreymilterProcess,
} from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';

const mail = ['--client', '203.0.113.7', '--from', 'joe@example.net', '--to', 'ann@local.example'];

/** What the tests look at. */
interface Answer {
  readonly to: string;
  readonly rules: readonly {
    readonly result: string;
    readonly conditions: readonly { readonly found: readonly string[] }[];
  }[];
  readonly ruling: { readonly rule: string };
  readonly result: { readonly verdict: string };
}

function readAnswer(line: string): Answer {
  // Our own output; what is missing or of another type shows in the comparison.
  return JSON.parse(line) as Answer;
}

/** A configuration with rules and a list in a file, and how to ask about it. */
function prepare(t: { after(remove: () => void): void }) {
  const directory = createTempDirectory(t);
  const config = join(directory, 'greymilter.yaml');
  const list = join(directory, 'clients.txt');
  writeFileSync(list, '# our other MX hosts\nmx.friend.example\n198.51.100.0/24\n');
  writeFileSync(
    config,
    `listen: {milter: 'unix:${directory}/s'}
store: {url: 'level:${directory}/db'}
log: {level: debug}
lists:
  ours: {clients: [{file: ${list}}]}
rules:
  - name: our other MX hosts
    when: {client: ['list:ours']}
    then: accept
  - name: longer without a name
    when: {client-name: [missing]}
    then: continue
    delay: 30m
`,
  );
  const ask = (...args: readonly string[]) =>
    runGreymilter(['explain', '--config', config, ...args]);
  return { directory, config, list, ask };
}

describe('greymilter explain', () => {
  test('names each rule, what it found, where it stands, and what would be said', async (t) => {
    const { config, ask } = prepare(t);
    const { code, stdout, stderr } = await ask(...mail);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));
    assert.ok(
      lines.includes(
        `does not match  our other MX hosts  ${config}:7  client: no name [203.0.113.7] matches no entry`,
      ),
      stdout,
    );
    assert.match(stdout, /matches +longer without a name .*:10 +client-name: .*; then continue/);
    assert.match(stdout, /delay +30m +by rule "longer without a name"/);
    assert.match(stdout, /triplet +203\.0\.113\.0\/24, <joe@example\.net>, <ann@local\.example>/);
    assert.match(stdout, /is not there yet: everybody is new/);
    assert.match(
      stdout,
      /result +tempfail \(greylist-new, 1800 s to wait\)\n +451 4\.7\.1 Greylisted/,
    );
  });

  test('the entry of a list that matched, with its place in its file', async (t) => {
    const { list, ask } = prepare(t);
    const { code, stdout } = await ask(...mail, '--name', 'mx.friend.example', '--json');
    assert.equal(code, 0);
    const { rules, result } = readAnswer(stdout);
    assert.deepEqual(
      rules.map((each) => each.result),
      ['matches', 'not asked'],
    );
    const found =
      rules.flatMap(({ conditions }) => conditions.flatMap((each) => each.found))[0] ?? '';
    assert.ok(found.endsWith(`matches mx.friend.example (${list}:2)`), found);
    assert.equal(result.verdict, 'accept');
  });

  test('mails from standard input; a line that is wrong does not stop the others', async (t) => {
    const { config } = prepare(t);
    const good = { client: '198.51.100.9', from: '<>', to: 'a@local.example', verdict: 'accept' };
    const input = Readable.from([
      `${JSON.stringify(good)}\n{"clint": "x"}\nno\n\n${JSON.stringify({ ...good, to: ['b@c', 'd@e'] })}\n`,
    ]);
    const output = new RecordingOutput();
    const set = ['greylist.providers=greylist'];
    const args = { config, set, stdin: true, json: true, 'no-store': true };
    assert.equal(await explain(args, output, input), 65);
    const answers = output.printed.trim().split('\n').map(readAnswer);
    assert.deepEqual(
      answers.map(({ to, ruling }) => [to, ruling.rule]),
      [
        ['a@local.example', 'our other MX hosts'],
        ['b@c', 'our other MX hosts'],
        ['d@e', 'our other MX hosts'],
      ],
    );
    assert.match(output.errors, /line 2: "clint" is an unknown key: did you mean "client"\?/);
    assert.match(output.errors, /line 3: this is no JSON object/);
  });

  for (const [what, args, code, said] of [
    ['no mail', [], 64, /--client, --from and --to are needed/],
    [
      'a client that is none',
      ['--client', 'x', '--from', 'a@b', '--to', 'c@d'],
      64,
      /--client x is not/,
    ],
    ['two sources', ['--stdin', ...mail], 64, /--client and --stdin/],
    ['a time that is none', [...mail, '--at', 'noon'], 64, /--at noon is no time/],
    ['a wrong setting', [...mail, '--set', 'greylist.delay=x'], 65, /greylist\.delay/],
  ] as const) {
    test(`${what}: exit code ${code}`, async (t) => {
      const ending = await prepare(t).ask(...args);
      assert.equal(ending.code, code, ending.stderr);
      assert.match(ending.stderr, said);
      assert.equal(ending.stdout, '');
    });
  }

  test('a running filter is asked for what it knows, and nothing of it is changed', async (t) => {
    const { directory, config, ask, start } = prepareFor(t);
    const admin = `--set=listen.admin=unix:${directory}/admin`;
    const greymilter = start('--config', config, admin);
    const [address = ''] = await greymilter.ready();
    const early = await ask(...mail, admin);
    assert.match(early.stdout, /db knows nothing of this sender and recipient/);
    assert.match(early.stdout, /result +tempfail \(greylist-new, 1800 s to wait\)/);

    const probe = await runGreymilter(['probe', address, ...mail]);
    assert.equal(probe.code, 0, probe.stdout);
    const asked = await ask(...mail, admin);
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stdout, /this client +203\.0\.113\.0\/24 +pending since .*; 1 attempt, /);
    assert.match(asked.stdout, /result +tempfail \(greylist-early/);
    const later = await ask(...mail, admin, '--at', '+31m');
    assert.match(later.stdout, /result +accept \(greylist-passed\)/);
    const over = await ask(...mail, admin, '--at', '+3d', '--json');
    assert.match(over.stdout, /"reason":"greylist-new"/);
    const unchanged = await ask(...mail, admin);
    assert.match(unchanged.stdout, /pending since .*; 1 attempt, /);

    const other = await ask(...mail, admin, `--set=store.url=level:${directory}/other`);
    assert.match(other.stdout, /other is not there yet/);
  });

  test('a running filter that goes by other settings is warned of, and one that does not is not', async (t) => {
    const { directory, config, ask, start } = prepareFor(t);
    const written = readFileSync(config, 'utf8');
    const judged = written.replace('listen: {', `listen: {admin: 'unix:${directory}/admin', `);
    writeFileSync(config, judged);
    // Where it listens has nothing to do with how it judges.
    const greymilter = start('--config', config, `--set=listen.admin=unix:${directory}/admin`);
    await greymilter.ready();
    assert.equal((await ask(...mail)).stderr, '');
    writeFileSync(config, judged.replace('delay: 30m', 'delay: 40m'));
    assert.match(
      (await ask(...mail)).stderr,
      /^warning: the filter that runs has other settings, since 20\S+Z, and tells clients what they say: reload it, or /,
    );
  });

  test('a store in use is said to be, and the rest explained; once it is free it is asked', async (t) => {
    const { directory, config, ask, start } = prepareFor(t);
    const greymilter = start('--config', config);
    const [address = ''] = await greymilter.ready();
    const probe = await runGreymilter(['probe', address, ...mail]);
    assert.equal(probe.code, 0, probe.stdout);
    const found = await greymilter.logged(/ rules asked /);
    assert.match(
      found,
      /action=greylist found="our other MX hosts \[.*:7\] does not match \(client: /,
    );

    const inUse = await ask(...mail);
    assert.equal(inUse.code, 0, inUse.stderr);
    assert.match(
      inUse.stdout,
      /cannot be asked: a running greymilter has it open.*listen\.admin.*STORE_LOCKED/,
    );
    assert.match(inUse.stdout, /result +greylisted: whoever is new waits/);

    greymilter.kill('SIGTERM');
    await greymilter.ending;
    const before = contentOf(join(directory, 'db'));
    const early = await ask(...mail);
    assert.match(early.stdout, /this client +203\.0\.113\.0\/24 +pending since/);
    assert.match(early.stdout, /result +tempfail \(greylist-early/);
    const later = await ask(...mail, '--at', '+31m');
    assert.match(later.stdout, /result +accept \(greylist-passed\)/);
    const again = await ask(...mail, '--at', '+31m');
    assert.match(again.stdout, /result +accept \(greylist-passed\)/);
    assert.deepEqual(contentOf(join(directory, 'db')), before, 'nothing was changed');
  });
});

/** The same, and how to start a filter that is gone before its directory goes. */
function prepareFor(t: TestContext) {
  const cleanUps = lastFirst(t);
  const start = (...args: readonly string[]): GreymilterProcess => startGreymilter(cleanUps, args);
  return { ...prepare(cleanUps), start };
}

function contentOf(path: string): readonly (readonly [name: string, content: string])[] {
  return readdirSync(path)
    .sort()
    .map((name) => [name, readFileSync(join(path, name), 'latin1')]);
}
