import { storePlace } from '../../src/config/store-url.js';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { tableNames, withSettingsTable } from '../../scripts/settings-doc.js';
import { runCommandLine, withCommands } from '../../src/cli/command-line.js';
import { exitCodes } from '../../src/cli/arguments/exit-codes.js';
import { parseConfig } from '../../src/config/load.js';
import { logCommands } from '../../src/cli/logs/log-commands.js';
import { recordCommands } from '../../src/cli/records/record-commands.js';
import { setupCommands } from '../../src/cli/setup/setup-commands.js';
import { outlineCommand, type CommandOutline } from '../../src/cli/shell/command-outline.js';
import { steeringCommands } from '../../src/cli/steering/steering-commands.js';
import { storeCommands } from '../../src/cli/records/store-commands.js';
import { POSTGREY_HELP } from '../../src/cli/stand-ins/postgrey-help.js';
import { parsePostgreyOptions } from '../../src/cli/stand-ins/postgrey-options.js';
import { formatDelayedHeader } from '../../src/daemon/answers/delayed-header.js';
import { renderReplyTemplate } from '../../src/greylist/reply-template.js';
import { DECISION_FIELDS } from '../../src/telemetry/decision-fields.js';
import { runGreymilter } from '../support/daemon-process.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { formatJsonDecision, formatTextDecision, readTextLine } from './readme-log-line.js';
import {
  anchorOf,
  codeIn,
  firstColumn,
  parsePage,
  projectRoot,
  handbook,
  readHandbook,
  readPage,
  shellWords,
  type Snippet,
} from './readme-text.js';
import { readSourceWords } from './source-words.js';

const readme = readHandbook();
const source = readSourceWords(join(projectRoot, 'src'));
const reasons = source.unions.get('Reason') ?? [];

/** The first answer of a filter with the default settings. */
const firstReply = ((): string => {
  const { reply, delay } = parseConfig({ text: '' }).config.greylist;
  const nobody = { client: undefined, name: undefined, id: undefined, host: undefined };
  const values = { ...nobody, waitMs: delay, delayMs: delay, from: '', to: '' };
  const { code, enhanced } = reply.milter;
  return `${code} ${enhanced} ${renderReplyTemplate(reply.text, values)}`;
})();

/** What is done with each kind of fenced block. */
const checks: Readonly<Record<string, (snippet: Snippet) => Promise<void> | void>> = {
  'sh start': checkShell,
  'sh admin': checkShell,
  'sh try': checkShell,
  'yaml config': ({ lines }) => {
    const { warnings } = parseConfig({ file: 'README.yaml', text: lines.join('\n') });
    assert.deepEqual(warnings, []);
  },
  'text log': ({ lines }) => lines.forEach(checkLogLine),
  'text json-log': ({ lines }) => {
    for (const line of lines) {
      // Its own format's fields; what is missing or of another type shows in the comparison.
      const { time = '', ...fields } = JSON.parse(line) as Record<string, string>;
      assert.equal(formatJsonDecision(time, fields), line);
    }
  },
  'text smtp': checkReplies,
  'text maillog': checkReplies,
  'text header': ({ lines: [line = ''] }) => {
    const [, hours, minutes, seconds, host = '', date = ''] =
      /^X-Greylist: delayed (\d+):(\d+):(\d+) by greymilter at (\S+); (.*)$/.exec(line) ?? [];
    const delayedMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    const now = Date.parse(date);
    const { 'header-text': form } = parseConfig({ text: '{}' }).config.greylist;
    assert.equal(line, formatDelayedHeader(form, { delayedMs, host, now }).join(': '));
  },
  'text logrotate': ({ lines }) => {
    const shipped = readFileSync(join(projectRoot, 'config/logrotate/greymilter'), 'utf8');
    assert.equal(`${lines.join('\n')}\n`, shipped);
    const logs = readme.snippets.flatMap(({ info, lines: text }) =>
      info === 'yaml config' ? [parseConfig({ text: text.join('\n') }).config.log.to] : [],
    );
    const paths = logs.flatMap((to) => (to.kind === 'file' ? [to.path] : []));
    const folder = (lines[0] ?? '').replace(/\*\.log \{$/, '');
    assert.ok(paths.length > 0 && paths.every((path) => path.startsWith(folder)), lines[0]);
  },
  // readme-mta.test.ts hands these to Postfix's and Sendmail's own programs.
  'text main.cf': () => undefined,
  'text policy main.cf': () => undefined,
  'text master.cf': () => undefined,
  'm4 sendmail.mc': () => undefined,
  'm4 sendmail-access.mc': () => undefined,
  // The line that milter-greylist's own documentation has.
  'm4 milter-greylist.mc': ({ lines: [line = ''] }) => {
    assert.match(line, /^INPUT_MAIL_FILTER\(`greylist', `S=local:\/\S+, F=, T=S:1m;R:1m'\)$/);
  },
  'text access': () => undefined,
  // interop/exim.test.ts hands the first to Exim, in Debian's configuration.
  'text exim-macros': ({ lines }) => lines.forEach(checkIncluded),
  'text exim-acl': ({ lines }) => lines.forEach(checkIncluded),
  'text postgrey.service': ({ lines }) => {
    const line = (lines.at(-1) ?? '').replace(/"?\$\{?POSTGREY_\w+\}?"?/g, 'x');
    const [program, command, ...words] = shellWords(line.replace('ExecStart=', ''));
    assert.deepEqual([program, command], ['/usr/local/bin/greymilter', 'postgrey']);
    assert.ok(parsePostgreyOptions(words).has('greylist-text'));
  },
  // interop/two-mx-hosts.test.ts runs them, or hands them to the server and the firewall.
  'sh certificates': () => undefined,
  'sh store-password': () => undefined,
  'text redis.conf': () => undefined,
  'text users.acl': () => undefined,
  'text nftables.conf': () => undefined,
  // readme-probe.test.ts asks a daemon.
  'sh probe': () => undefined,
  'text probe': () => undefined,
  // readme-explain.test.ts runs it.
  'sh explain': () => undefined,
  'text explain': () => undefined,
  // readme-logs.test.ts runs it.
  'sh logs': () => undefined,
  'text logs': () => undefined,
  // system/package.test.ts runs them, installed from the tarball.
  'ts milter-filter': () => undefined,
  'ts milter-mta': () => undefined,
  'text milter-mta': () => undefined,
};

/** Commands of ours are run without what would start the daemon; the rest is parsed. */
async function checkShell({ lines }: Snippet): Promise<void> {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: lines.join('\n') });
  assert.equal(status, 0, stderr.toString());
  for (const line of lines) {
    const [command = '', ...words] = shellWords(line);
    const args = words.slice(0, words.indexOf('>') < 0 ? undefined : words.indexOf('>'));
    for (const [, path = ''] of line.matchAll(/\/opt\/greymilter\/([\w./-]+)/g))
      assert.ok(path.startsWith('dist/') || existsSync(join(projectRoot, path)), path);
    if (command.endsWith('scripts/start')) await checkArguments(['serve', ...args]);
    if (command === 'greymilter') await checkArguments(args);
  }
}

/** Commands whose lines need records of somebody: their options are looked up. */
const asking: readonly string[] = [
  ...recordCommands,
  ...steeringCommands,
  ...storeCommands,
  // They would write into the mail server of whoever runs this.
  ...setupCommands,
];

const program = outlineCommand({ usage: 'greymilter', describe: '' }, (argv) =>
  withCommands(argv, new RecordingOutput()),
);

/** The options of a command of one word or two, as its help names them. */
function optionsOf(words: readonly string[]): readonly string[] {
  const outline = words.reduce<CommandOutline | undefined>(
    (outer, word) => outer?.commands.find(({ name }) => name === word),
    program,
  );
  assert.ok(outline, words.join(' '));
  return [...outline.options, ...program.options].map(({ name }) => `--${name}`);
}

function checkOptions(args: readonly string[]): void {
  const isTwoWords =
    ['autowhite', 'setup'].includes(args[0] ?? '') ||
    ['postgrey', 'sqlgrey'].includes(args[1] ?? '');
  const known = optionsOf(args.slice(0, isTwoWords ? 2 : 1));
  for (const arg of args.filter((each) => each.startsWith('--')))
    assert.ok(known.includes(arg), `${arg}: ${args.join(' ')}`);
}

/** What stands for files that a reader has. */
const files: ReadonlyMap<string, string> = new Map([
  ['/etc/greymilter/greymilter.yaml', 'config/greymilter.yaml'],
  ['/etc/mail/greylist.conf', 'test/fixtures/milter-greylist/distribution.conf'],
]);

async function checkArguments(args: readonly string[]): Promise<void> {
  if (['repair', ...asking].includes(args[0] ?? '')) {
    checkOptions(args);
    return;
  }
  const here = args.map((arg) => {
    const file = files.get(arg);
    return file === undefined ? arg : join(projectRoot, file);
  });
  const userAt = here.indexOf('--user');
  const withoutUser = userAt < 0 ? here : here.toSpliced(userAt, 2);
  const checked = withoutUser.map((arg, index) =>
    index === 0 && arg === 'serve' ? 'check-config' : arg,
  );
  let said = '';
  const output = { print: () => undefined, error: (text: string) => void (said += text) };
  // The parser prints these two itself.
  const isPrinting = args.includes('--help') || args.includes('--version');
  const code = isPrinting
    ? (await runGreymilter(checked)).code
    : await runCommandLine(checked, output);
  assert.equal(code, 0, `${args.join(' ')}: ${said}`);
}

function checkLogLine(line: string): void {
  const { time, level, message, fields } = readTextLine(line);
  if (fields['verdict'] === undefined) {
    assert.ok(source.strings.has(message), `the daemon never says "${message}"`);
    assert.ok(['error', 'warn', 'info', 'debug'].includes(level), line);
    return;
  }
  assert.ok(reasons.includes(String(fields['reason'])), line);
  assert.equal(formatTextDecision(time, fields), line);
}

/** The line ends in a file that is shipped. */
function checkIncluded(line: string): void {
  const path = / \/opt\/greymilter\/(\S+)$/.exec(line)?.[1];
  assert.ok(path !== undefined && existsSync(join(projectRoot, path)), line);
}

function checkReplies({ lines }: Snippet): void {
  for (const line of lines.filter((text) => /\b451\b/.test(text)))
    assert.ok(line.includes(firstReply), `the filter says "${firstReply}"`);
}

describe('each fenced block of the handbook', () => {
  for (const snippet of readme.snippets)
    test(`${snippet.file}, line ${snippet.line}: ${snippet.info}`, async () => {
      const check = checks[snippet.info];
      assert.ok(check, `no check for "${snippet.info}"`);
      await check(snippet);
    });

  test('every kind of check has a block', () => {
    const used = new Set(readme.snippets.map(({ info }) => info));
    assert.deepEqual(
      Object.keys(checks).filter((info) => !used.has(info)),
      [],
    );
  });

  test('a page is read as it is meant', () => {
    const page = parsePage(
      '# A b!\n\n```x y\n# no\n```\n\n| a | b |\n| - | - |\n| `c`, `d` | e |\n',
    );
    assert.deepEqual(page.headings, ['A b!']);
    assert.deepEqual(page.snippets, [{ file: 'README.md', info: 'x y', line: 4, lines: ['# no'] }]);
    assert.deepEqual(firstColumn(page.tables, 'a'), ['c', 'd']);
    assert.throws(() => parsePage('```x\n'), /no end/);
    assert.equal(anchorOf('A b!'), 'a-b');
    assert.deepEqual(shellWords('a --b \'c d\' "e"  # f'), ['a', '--b', 'c d', 'e']);
  });
});

describe('the handbook', () => {
  for (const file of ['docs/settings.md', 'docs/rules.md'])
    test(`has the tables of ${file} as the schema has them`, () => {
      const text = readFileSync(join(projectRoot, file), 'utf8');
      assert.equal(
        text,
        withSettingsTable(text),
        `run: npx tsx scripts/settings-doc.ts --write ${file}`,
      );
    });

  test('has each table of the schema once', () => {
    const text = handbook.map((file) => readFileSync(join(projectRoot, file), 'utf8')).join('');
    const found = [...text.matchAll(/^<!-- ([\w-]+):begin -->$/gm)].map(([, name]) => name);
    assert.deepEqual(found.sort(), [...tableNames].sort());
  });

  test('explains every error code, and no other', () => {
    const inTables = readme.tables
      .filter(({ section, head }) => section === 'Error codes' && head[0] === 'code')
      .flatMap(({ rows }) => rows.flatMap(([first = '']) => codeIn(first)));
    assert.deepEqual([...inTables].sort(), source.errorCodes);
  });

  test('explains every exit code, and no other', () => {
    const table = readme.tables.find(({ section }) => section === 'Exit codes');
    const shown = table?.rows.map(([first]) => Number(first));
    assert.deepEqual(shown, Object.values(exitCodes));
  });

  test('explains every verdict and reason, or says that it is reserved', () => {
    const reserved = /^Reserved [^]*?\n\n/m.exec(readme.prose)?.[0] ?? '';
    const [reservedVerdicts = '', reservedReasons = ''] = reserved.split(';');
    assert.deepEqual(
      [...firstColumn(readme.tables, 'verdict'), ...codeIn(reservedVerdicts)],
      source.unions.get('Verdict'),
    );
    const explained = [...firstColumn(readme.tables, 'reason'), ...codeIn(reservedReasons)];
    assert.deepEqual([...new Set(explained)].sort(), [...reasons].sort());
  });

  test('names every field of a decision in its order', () => {
    assert.deepEqual(
      firstColumn(readme.tables, 'field'),
      DECISION_FIELDS.map(({ name }) => name),
    );
  });

  test('explains only messages that the daemon has', () => {
    const unknown = firstColumn(readme.tables, 'message').filter(
      (message) => !source.strings.has(message),
    );
    assert.deepEqual(unknown, []);
  });

  test('names every option of every command, and no other', () => {
    const commands = ['serve', 'explain', 'repair', 'probe', ...asking, ...logCommands]
      .concat(
        ['import postgrey', 'import sqlgrey', 'autowhite add', 'autowhite remove'].concat([
          'setup postfix',
          'setup sendmail',
        ]),
      )
      .map((command) => command.split(' '));
    const options = [
      ...[...POSTGREY_HELP.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, name = '']) => name),
      ...commands.flatMap(optionsOf),
    ];
    const shell = readme.snippets.flatMap(({ info, lines }) =>
      lines
        .filter((line) => info === 'sh start' || line.startsWith('greymilter '))
        .flatMap(shellWords),
    );
    const written = [...codeIn(readme.prose).flatMap(shellWords), ...shell];
    const named = written.filter((word) => /^--[a-z]/.test(word));
    assert.deepEqual(
      named.filter((name) => !options.includes(name)),
      [],
    );
    const missing = options.filter((name) => name !== '--version' && !named.includes(name));
    assert.deepEqual(missing, []);
  });

  for (const file of handbook)
    test(`links to what exists from ${file}`, () => {
      const { prose } = readPage(file);
      const targets = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '');
      const broken = targets.filter((target) => !leadsSomewhere(file, target));
      assert.deepEqual(broken, []);
    });

  test('is reached from the README, each page of it', () => {
    const { prose } = readPage('README.md');
    const unreached = handbook.slice(1).filter((file) => !prose.includes(`](${file}`));
    assert.deepEqual(unreached, []);
  });
});

/** Whether the file is there and has the heading. */
function leadsSomewhere(from: string, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(projectRoot, file))) return false;
  return anchor === undefined || readPage(file).headings.map(anchorOf).includes(anchor);
}

describe('config/systemd/greymilter.service', () => {
  const unit = readFileSync(join(projectRoot, 'config/systemd/greymilter.service'), 'utf8');
  const settings = [...unit.matchAll(/^(\w+)=(.*)$/gm)];
  const valueOf = (name: string): string => settings.find(([, key]) => key === name)?.[2] ?? '';

  test('starts the filter with arguments that it takes', async () => {
    const [node, main, ...args] = shellWords(valueOf('ExecStart'));
    assert.deepEqual([node, main], ['/usr/bin/node', '/opt/greymilter/dist/cli/main.js']);
    await checkArguments(args);
  });

  test('does not start it again where that cannot help', () => {
    const known: readonly number[] = Object.values(exitCodes);
    const final = valueOf('RestartPreventExitStatus').split(' ').map(Number);
    assert.ok(final.length > 1 && final.every((code) => known.includes(code)));
  });

  test('makes the directories that the shipped configuration needs', () => {
    const text = readFileSync(join(projectRoot, 'config/greymilter.yaml'), 'utf8');
    const { listen, store } = parseConfig({ text }).config;
    const sockets = listen.milter.flatMap((each) => (each.kind === 'unix' ? [each.path] : []));
    assert.ok(sockets.every((path) => path.startsWith(`/run/${valueOf('RuntimeDirectory')}/`)));
    assert.ok(storePlace(store.url).startsWith(`/var/lib/${valueOf('StateDirectory')}/`));
  });
});
