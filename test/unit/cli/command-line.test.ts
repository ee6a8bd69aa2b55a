import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { runGreymilter } from '../../support/daemon-process.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { RecordingOutput } from './recording-output.js';

interface Said {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

async function run(...args: readonly string[]): Promise<Said> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return { code, printed: output.printed, errors: output.errors };
}

describe('a command line that is wrong', () => {
  const cases: readonly (readonly [args: string, message: string])[] = [
    ['', 'Which command? "greymilter serve" runs the filter.'],
    ['--config x', 'Which command? "greymilter serve" runs the filter.'],
    ['serv', 'Did you mean serve?'],
    ['chek-config x.yaml', 'Did you mean check-config?'],
    ['frobnicate', 'Unknown command: frobnicate'],
    ['frobnicate x', 'Unknown commands: frobnicate, x'],
    ['serve --lisetn /a', 'Unknown argument: lisetn: did you mean --listen?'],
    ['serve --sotre=x', 'Unknown argument: sotre: did you mean --store?'],
    ['serve --usr nobody', 'Unknown argument: usr: did you mean --user?'],
    ['serve --hepl', 'Unknown argument: hepl: did you mean --help?'],
    ['serve --delay=60', 'Unknown argument: delay'],
    ['serve --no-config', 'Unknown argument: no-config: did you mean --config?'],
    ['serve --set.x=1', 'Unknown argument: set.x'],
    ['serve extra', 'serve does not take this: extra'],
    ['serve one two', 'serve does not take this: one, two'],
    ['serve --config', '--config needs a value'],
    ['serve --listen --store x', '--listen needs a value'],
    ['serve --config a.yaml --config b.yaml', '--config can be given only once'],
    ['serve --store a --store b', '--store can be given only once'],
    ['serve --user a --user b', '--user can be given only once'],
    ['serve --pid-file a --pid-file b', '--pid-file can be given only once'],
    ['check-config --user x', 'Unknown argument: user'],
    [
      'probe',
      'Which filter? Write its address, unix:/run/greymilter/milter.sock, or --config FILE',
    ],
    ['probe /s --config a.yaml', 'Which filter? There are two.'],
    ['probe /s --clinet x', 'Unknown argument: clinet: did you mean --client?'],
    ['probe /s --as exim', '--as exim: must be one of "postfix", "sendmail"'],
    ['probe /s --from a --from b', '--from can be given only once'],
    ['probe /s --to', '--to needs a value'],
    ['repair --start-emtpy', 'Unknown argument: start-emtpy: did you mean --start-empty?'],
    ['repair --store a --store b', '--store can be given only once'],
    ['repair --set a=b', 'Unknown argument: set'],
    ['check-config a.yaml b.yaml', 'check-config does not take this: b.yaml'],
    ['check-config a.yaml --config b.yaml', 'Which file? There are two.'],
  ];
  const helpFor = (args: string): string => {
    const [command = ''] = args.split(' ');
    const isOne = ['serve', 'check-config', 'probe', 'repair'].includes(command);
    return isOne ? `${command} --help` : '--help';
  };
  for (const [args, message] of cases) {
    test(`greymilter ${args}: ${message}`, async () =>
      assert.deepEqual(await run(...args.split(' ').filter((word) => word !== '')), {
        code: 64,
        printed: '',
        errors: `greymilter: ${message}\nSee "greymilter ${helpFor(args)}".\n`,
      }));
  }
});

describe('help and version', () => {
  test('--help names the commands', async () => {
    const { code, stdout, stderr } = await runGreymilter(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^greymilter <command> \[options\]/);
    for (const command of ['serve', 'check-config \\[file\\]', 'probe \\[address\\]']) {
      assert.match(stdout, new RegExp(`^  greymilter ${command} `, 'm'));
    }
  });

  test('serve --help names the options', async () => {
    const { code, stdout } = await runGreymilter(['serve', '--help']);
    assert.equal(code, 0);
    for (const option of ['config', 'listen', 'store', 'set', 'user']) {
      assert.match(stdout, new RegExp(`^ +--${option} `, 'm'));
    }
  });

  test('--version is that of the package', async () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const { code, stdout } = await runGreymilter(['--version']);
    assert.equal(code, 0);
    assert.match(manifest, new RegExp(`"version": "${stdout.trim()}"`));
  });
});

describe('check-config', () => {
  test('prints what a file comes to, which loads to the same again', async (t) => {
    const directory = createTempDirectory(t);
    const file = join(directory, 'greymilter.yaml');
    writeFileSync(file, 'greylist: {delay: 4m}\n');
    const first = await run('check-config', file);
    assert.deepEqual([first.code, first.errors], [0, '']);
    assert.match(first.printed, /^ {2}delay: 4m$/m);
    const again = join(directory, 'again.yaml');
    writeFileSync(again, first.printed);
    assert.deepEqual(await run('check-config', again), first);
    assert.deepEqual(await run('check-config', '--config', again), first);
  });

  test('without a file it prints what suits trying it out', async () => {
    const { code, printed } = await run('check-config');
    assert.equal(code, 0);
    assert.match(printed, /^ {4}- inet:10033@127\.0\.0\.1$/m);
  });

  test('takes the options of serve, also before the file', async (t) => {
    const file = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(file, '');
    const listen = ['--listen', '/a', '--listen', 'unix:/b'];
    const set = ['--set', 'greylist.delay=60s', '--set', 'trusted=[]'];
    const { code, printed } = await run('check-config', ...listen, '--store', '/db', ...set, file);
    assert.equal(code, 0);
    for (const line of ['    - unix:/a', '    - unix:/b', '  delay: 1m', '  url: level:/db']) {
      assert.ok(printed.split('\n').includes(line), line);
    }
  });

  test('reports all that is wrong, with its places', async (t) => {
    const file = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(file, 'greylist:\n  dealy: 5m\nlog: {level: loud}\n');
    const { code, printed, errors } = await run('check-config', file);
    assert.deepEqual([code, printed], [65, '']);
    assert.match(errors, /^greymilter: .*greymilter\.yaml:2:3: greylist\.dealy: unknown key$/m);
    assert.match(errors, /did you mean "delay"\?$/m);
    assert.match(errors, /greymilter\.yaml:3:14: log\.level: must be error, warn, info or debug$/m);
  });

  test('warns of what is doubtful, and prints all the same', async (t) => {
    const file = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(file, 'store: {url: "level:db"}\n');
    const { code, printed, errors } = await run('check-config', file);
    assert.equal(code, 0);
    assert.match(errors, /^warning: .*greymilter\.yaml:1:14: store\.url: has a relative path$/m);
    assert.match(printed, /^ {2}url: level:db$/m);
  });

  test('a file that is not there', async () =>
    assert.deepEqual(await run('check-config', '/nowhere/greymilter.yaml'), {
      code: 65,
      printed: '',
      errors: 'greymilter: /nowhere/greymilter.yaml: there is no such file\n',
    }));

  test('standard input has no name that says what it is', async () => {
    for (const args of [
      ['check-config', '-'],
      ['check-config', '--config', '-'],
      ['reload', '--config', '-'],
      ['import', 'postgrey', 'x', '--config', '-'],
      ['replay', 'x', '--config', '-'],
    ]) {
      const { code, errors } = await run(...args);
      assert.equal(code, 64);
      assert.match(errors, /^greymilter: Name the file: its name says/m);
    }
  });
});

describe('a wrong word behind a command inside another', () => {
  for (const [args, help] of [
    ['autowhite add --cleint x', 'autowhite add'],
    ['autowhite add --for x --for y mx.example', 'autowhite add'],
    ['autowhite frobnicate', 'autowhite'],
    ['autowhite list --reason add', 'autowhite list'],
    ['import --format postgrey x', 'import'],
    ['import postgrey', 'import postgrey'],
    ['import sqlgrey --frmat x y', 'import sqlgrey'],
    ['setup postfix --confgi x', 'setup postfix'],
    ['--lisetn x serve', 'serve'],
  ] as const) {
    test(`greymilter ${args}: leads to the help of ${help}`, async () => {
      const { code, errors } = await run(...args.split(' '));
      assert.equal(code, 64, errors);
      assert.match(errors, new RegExp(`\nSee "greymilter ${help} --help"\\.\n$`));
    });
  }
});

describe('an import that fails before its first record', () => {
  test('says so, and nothing else', async (t) => {
    const directory = createTempDirectory(t);
    const store = join(directory, 'db');
    for (const args of [[], ['--json']]) {
      const file = join(directory, 'none');
      const { code, printed, errors } = await run('import', file, '--store', store, ...args);
      assert.deepEqual([code, printed], [65, '']);
      assert.equal(errors, `greymilter: cannot read ${file}: there is no such file\n`);
    }
    const odd = join(directory, 'odd');
    writeFileSync(odd, 'this is no export\n');
    const { printed } = await run('import', odd, '--store', store);
    assert.doesNotMatch(printed, /^taken/m);
  });
});

describe('a file that cannot be used', () => {
  test('is named as it was given, with what to do', async (t) => {
    const directory = createTempDirectory(t);
    const store = join(directory, 'db');
    const records = join(directory, 'none.json');
    writeFileSync(records, '');
    await run('import', records, '--store', store);
    const nowhere = join(directory, 'none', 'x');
    const noPlace = `greymilter: cannot write ${nowhere}: its directory is not there: make it, or write elsewhere\n`;
    const wrong = [
      [noPlace, 'backup', nowhere, '--store', store],
      [noPlace, 'export', '--output', nowhere, '--store', store],
      [`greymilter: cannot read ${nowhere}: there is no such file\n`, 'report', nowhere],
      [
        `greymilter: cannot read ${directory}: it is a directory: name a file\n`,
        'report',
        directory,
      ],
      [
        `greymilter: cannot read ${directory}: it is a directory: name a file\n`,
        ...['import', directory, '--store', store],
      ],
    ] as const;
    for (const [told, ...args] of wrong) assert.equal((await run(...args)).errors, told);
  });
});

describe('serve that cannot start', () => {
  test('for its configuration', async () => {
    const { code, errors } = await run('serve', '--set', 'greylist.delay=5');
    assert.equal(code, 65);
    assert.match(errors, /^greymilter: --set greylist\.delay=5: greylist\.delay: needs a unit$/m);
  });

  test('for its user', async () => {
    const { code, errors } = await run('serve', '--user', 'nobody-of-that-name');
    assert.equal(code, 65);
    assert.match(errors, /there is no user "nobody-of-that-name"/);
  });
});

test('help and hints are in English wherever the administrator lives', async () => {
  const environment = { LC_ALL: 'de_DE.UTF-8' };
  const { stderr } = await runGreymilter(['serve', '--config'], { environment });
  assert.match(stderr, /^greymilter: --config needs a value\n/);
  const { stdout } = await runGreymilter(['serve', '--help'], { environment });
  assert.match(stdout, /^Options:$/m);
});

test('what is no error of ours is a bug, and says so', async () => {
  const output = new RecordingOutput();
  const broken = {
    print: () => {
      throw new TypeError('oops');
    },
    error: (text: string) => output.error(text),
  };
  assert.equal(await runCommandLine(['check-config'], broken), 70);
  assert.match(
    output.errors,
    /^greymilter: this is a bug, please report it:\nTypeError: oops\n +at /,
  );
});
