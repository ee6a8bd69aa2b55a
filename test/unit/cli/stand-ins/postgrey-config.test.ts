import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import {
  postgreyConfig,
  type PostgreyPlaces,
} from '../../../../src/cli/stand-ins/postgrey-config.js';
import {
  findPostgreyDefaults,
  readPostgreyDefaults,
} from '../../../../src/cli/stand-ins/postgrey-defaults.js';
import { parsePostgreyOptions } from '../../../../src/cli/stand-ins/postgrey-options.js';
import { loadConfig } from '../../../../src/config/load.js';
import { encodeConfig } from '../../../../src/config/schema.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const NOWHERE: PostgreyPlaces = { databases: ['/none/db'], clients: [], recipients: [] };

/** The configuration of a command line, as it would be written, and what is said of it. */
async function configOf(words: readonly string[], places = NOWHERE) {
  const { inputs, notes } = postgreyConfig(parsePostgreyOptions(words), places);
  const loaded = await loadConfig(inputs);
  // Plain data: what is compared is what would be written.
  const written = JSON.parse(JSON.stringify(encodeConfig(loaded.config))) as Written;
  return { ...written, loaded, notes };
}

interface Written {
  readonly listen: {
    readonly policy: readonly string[];
    readonly milter: readonly string[];
    readonly allow: readonly string[];
    readonly socket: Readonly<Record<string, unknown>>;
  };
  readonly store: Readonly<Record<string, unknown>>;
  readonly greylist: Readonly<Record<string, unknown>>;
  readonly log: Readonly<Record<string, unknown>>;
  readonly trusted: readonly string[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly 'pid-file': string | null;
}

describe('a command line of Postgrey', () => {
  test('without more than a port is what Postgrey does, and nothing that it never does', async () => {
    const { listen, store, greylist, log, trusted, rules, notes } = await configOf([
      '--inet=10023',
    ]);
    assert.deepEqual(listen.policy, ['inet:10023@127.0.0.1']);
    assert.deepEqual(listen.milter, []);
    assert.equal(listen.socket['mode'], '0666');
    assert.equal(store['url'], 'level:/none/db/greymilter');
    const { delay, autowhite, identity, patience, network, reply } = greylist;
    assert.deepEqual(
      [delay, greylist['retry-window'], autowhite, identity, patience, network],
      ['5m', '2d', '35d', ['network'], 'off', { ipv4: 24, ipv6: 64 }],
    );
    assert.deepEqual(reply, {
      milter: { code: 451, enhanced: '4.7.1' },
      policy: { action: 'DEFER_IF_PERMIT', enhanced: '4.2.0' },
      text: 'Greylisted, see http://postgrey.schweikert.ch/help/{domain}.html',
    });
    assert.equal(
      greylist['header-text'],
      'X-Greylist: delayed {delayed} seconds by postgrey-1.37 at {host}; {date}',
    );
    assert.deepEqual(greylist['client-autowhite'], {
      ...{ after: 5, count: 'address', domains: 1, spacing: '1h', for: '35d' },
    });
    assert.deepEqual([log['style'], log['to'], log['level']], ['postgrey', 'console', 'info']);
    assert.deepEqual([trusted, rules, notes], [[], [], []]);
  });

  test('sets what its options say', async () => {
    const { listen, store, greylist, log, ...rest } = await configOf([
      ...['--unix=/run/s', '--socketmode=660', '--delay=60', '--max-age=10', '--retry-window=6h'],
      ...['--greylist-action=450', '--greylist-text=4.7.0 In %s', '--dbdir=/db', '--verbose'],
      ...['--ipv4cidr=28', '--ipv6cidr=56', '--hostname=mx', '--x-greylist-header=X-G: %h'],
      ...['--detached', '--facility=local3', '--pidfile=/run/p', '--daemonize'],
    ]);
    assert.deepEqual(listen.policy, ['unix:/run/s']);
    assert.equal(listen.socket['mode'], '0660');
    assert.equal(store['url'], 'level:/db/greymilter');
    assert.deepEqual(
      [greylist['delay'], greylist['autowhite'], greylist['retry-window']],
      ['1m', '10d', '6h'],
    );
    assert.deepEqual(greylist['network'], { ipv4: 28, ipv6: 56 });
    assert.deepEqual(greylist['reply'], {
      milter: { code: 451, enhanced: '4.7.1' },
      policy: { action: 450, enhanced: '4.7.0' },
      text: 'In {wait}',
    });
    assert.equal(greylist['header-text'], 'X-G: mx');
    assert.deepEqual([log['to'], log['level']], ['syslog:local3:postgrey', 'debug']);
    assert.equal(rest['pid-file'], '/run/p');
    assert.deepEqual(rest.notes, []);
  });

  test('knows clients by their mail as often as it is told', async () => {
    const of = async (...words: readonly string[]) =>
      (await configOf(['--inet=1', '--max-age=9', ...words])).greylist['client-autowhite'];
    const usual = { after: 5, count: 'address', domains: 1, spacing: '1h', for: '9d' };
    assert.deepEqual(await of(), usual);
    assert.deepEqual(await of('--auto-whitelist-clients'), usual);
    assert.deepEqual(await of('--auto-whitelist-clients=7'), { ...usual, after: 7 });
    assert.equal(await of('--auto-whitelist-clients=0'), 'off');
  });

  test('does not listen at a host that nobody knows', async () => {
    // Longer than a label may be: no name server is asked for it, which might not answer, or with anything.
    const name = `${'n'.repeat(64)}.invalid`;
    await assert.rejects(configOf([`--inet=${name}:10023`]), {
      message: `--inet=${name}:10023: this system knows of no address of "${name}"`,
    });
  });

  for (const [inet, address, allow] of [
    // A name of the system's: getent has these even where there is no name server.
    ['127.1:10023', 'inet:10023@127.0.0.1', []],
    ['10023', 'inet:10023@127.0.0.1', []],
    ['localhost:10023', 'inet:10023@127.0.0.1', []],
    ['[::1]:10023', 'inet6:10023@[::1]', []],
    ['*:10023', 'inet:10023@0.0.0.0', ['0.0.0.0/0', '::/0']],
    ['192.0.2.1:10023', 'inet:10023@192.0.2.1', ['0.0.0.0/0', '::/0']],
  ] as const)
    test(`listens at --inet=${inet}`, async () => {
      const { listen } = await configOf([`--inet=${inet}`]);
      assert.deepEqual([listen.policy, listen.allow], [[address], allow]);
    });

  test('says what of it is otherwise', async () => {
    const { notes, greylist, listen, log } = await configOf([
      ...['--inet=1', '--unix=/s', '--privacy', '--delay=0', '--pidfile=/p', '--quiet', '-v'],
      ...['--lookup-by-host', '--ipv4cidr=8'],
    ]);
    assert.deepEqual(
      notes.map((note) => note.split(':')[0]),
      ['--privacy', '--delay=0', '--pidfile', '--unix'],
    );
    assert.equal(greylist['delay'], '5m');
    assert.deepEqual(greylist['network'], { ipv4: 32, ipv6: 128 });
    assert.deepEqual(listen.policy, ['inet:1@127.0.0.1']);
    assert.equal(log['level'], 'warn');
  });

  test('that is wrong is told at the option', async () => {
    await assert.rejects(configOf(['--inet=99999']), {
      message:
        '--inet=99999: listen.policy: "inet:99999@127.0.0.1" has "99999" for a port\n    write a number up to 65535',
    });
    await assert.rejects(
      configOf(['--inet=1', '--delay=99999999', '--greylist-action=REJECT']),
      /--delay=99999999: greylist\.delay: must be at most 1d\n[^]*--greylist-action=REJECT: greylist\.reply/,
    );
    assert.throws(
      () => postgreyConfig(parsePostgreyOptions(['--retry-window=5x']), NOWHERE),
      /--retry-window=5x: must be a number of days/,
    );
  });

  test('has a configuration file below its options, and settings above them', async (t) => {
    const file = join(createTempDirectory(t), 'g.yaml');
    writeFileSync(
      file,
      'greylist: {delay: 7m, patience: {}}\nrules: [{name: mine, then: accept}]\n',
    );
    const list = join(createTempDirectory(t), 'c');
    writeFileSync(list, 'a.example\n');
    const { greylist, rules, loaded } = await configOf([
      ...['--inet=1', `--config=${file}`, '--max-age=9', '--set', 'greylist.autowhite=8d'],
      `--whitelist-clients=${list}`,
    ]);
    assert.deepEqual([greylist['delay'], greylist['autowhite']], ['7m', '8d']);
    assert.deepEqual(greylist['patience'], { tries: 4, over: '4h' });
    assert.deepEqual(
      rules.map(({ name }) => name),
      ['mine', 'client whitelist'],
    );
    assert.deepEqual(
      loaded.program.rules.map(({ place }) => place),
      [
        { file, line: 2 },
        { file: `--whitelist-clients=${list}`, line: undefined },
      ],
    );
  });
});

function placesIn(t: TestContext): PostgreyPlaces & { readonly directory: string } {
  const directory = createTempDirectory(t);
  const at = (name: string): string => join(directory, name);
  return {
    directory,
    databases: [at('debian'), at('upstream')],
    clients: [
      [at('c'), at('c.local')],
      [at('uc'), at('uc.local')],
    ],
    recipients: [[at('r'), at('r.local')], [at('ur')]],
  };
}

describe('what Postgrey finds by itself', () => {
  test('are the lists and the database of whoever has installed it', async (t) => {
    const places = placesIn(t);
    const { directory } = places;
    mkdirSync(join(directory, 'upstream'));
    for (const name of ['uc', 'uc.local', 'r']) writeFileSync(join(directory, name), '');
    const { store, rules, notes, loaded } = await configOf(['--inet=1'], places);
    assert.equal(store['url'], `level:${directory}/upstream/greymilter`);
    assert.deepEqual(rules, [
      { name: 'client whitelist', when: { client: ['list:postgrey-clients'] }, then: 'accept' },
      {
        name: 'recipient whitelist',
        when: { recipient: ['list:postgrey-recipients'] },
        then: 'accept',
      },
    ]);
    assert.deepEqual([...loaded.lists.keys()], ['postgrey-clients', 'postgrey-recipients']);
    assert.deepEqual(notes, []);
  });

  test('may be missing, which is said but for .local files', async (t) => {
    const places = placesIn(t);
    const { rules, notes } = await configOf(['--inet=1'], places);
    assert.deepEqual(rules, []);
    assert.deepEqual(
      notes.map((note) => note.replace(places.directory, '')),
      ['/c', '/r'].map((path) => `${path}: there is no such file; nobody is let through by it`),
    );
  });

  test('is not looked for where a list is named, which also drops the .local file', async (t) => {
    const places = placesIn(t);
    const { directory } = places;
    for (const name of ['c', 'c.local', 'mine'])
      writeFileSync(join(directory, name), 'x.example\n');
    const { loaded } = await configOf(
      ['--inet=1', `--whitelist-clients=${directory}/mine`],
      places,
    );
    const clients = loaded.lists.get('postgrey-clients')?.clients ?? [];
    assert.deepEqual(
      clients.map(({ place }) => place),
      [`${directory}/mine:1`],
    );
  });
});

describe('a whitelist of another kind than usual', () => {
  test('may have a comment in an old encoding', async (t) => {
    const list = join(createTempDirectory(t), 'list');
    writeFileSync(list, Buffer.from('# f\xfcr Kunden\nkunde.example\n', 'latin1'));
    const { loaded, notes } = await configOf(['--inet=1', `--whitelist-clients=${list}`]);
    const clients = loaded.lists.get('postgrey-clients')?.clients ?? [];
    assert.deepEqual(
      clients.map(({ value }) => value.text),
      ['kunde.example'],
    );
    assert.deepEqual([...loaded.warnings, ...notes], []);
  });

  test('lets nobody pass that is no file, as /dev/null is meant to', async (t) => {
    const directory = createTempDirectory(t);
    const { rules, notes } = await configOf([
      ...['--inet=1', '--whitelist-clients=/dev/null', `--whitelist-recipients=${directory}`],
    ]);
    assert.deepEqual(rules, []);
    assert.deepEqual(notes, [`${directory}: is not a regular file; nobody is let through by it`]);
  });
});

describe("a distribution's file", () => {
  test('has options, and a text with blanks', (t) => {
    const file = join(createTempDirectory(t), 'postgrey');
    writeFileSync(
      file,
      'POSTGREY_OPTS="--inet=10023  --delay=60"\nPOSTGREY_TEXT="Try again, please"\n',
    );
    assert.deepEqual(readPostgreyDefaults(file), [
      ...['--inet=10023', '--delay=60', '--greylist-text=Try again, please'],
    ]);
    writeFileSync(file, '# nothing\n');
    assert.deepEqual(readPostgreyDefaults(file), []);
    assert.equal(findPostgreyDefaults(['/none', file]), file);
    assert.equal(findPostgreyDefaults(['/none']), undefined);
    assert.throws(
      () => readPostgreyDefaults('/none'),
      /cannot read \/none: there is no such file$/,
    );
  });
});
