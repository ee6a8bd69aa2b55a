import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { PolicyClient } from '../../src/protocols/postfix-policy/index.js';
import { GreymilterProcess, runGreymilter } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';

/** Each time is a new message. */
let messages = 0;

async function ask(
  client: PolicyClient,
  told: { readonly name?: string; readonly at?: number; readonly queueId?: string } = {},
): Promise<string> {
  const { name = 'mail.example.com', at = 1_700_000_000, queueId = '' } = told;
  return await client.ask(
    Object.entries({
      request: 'smtpd_access_policy',
      protocol_state: 'RCPT',
      client_address: '198.51.100.7',
      client_name: name,
      sender: 'a@example.com',
      recipient: 'b@example.net',
      instance: String(++messages),
      queue_id: queueId,
      etrn_domain: '',
      policy_test_time: String(at),
    }),
  );
}

function start(t: TestContext, words: readonly string[]): GreymilterProcess {
  const greymilter = new GreymilterProcess(['postgrey', ...words]);
  t.after(async () => {
    greymilter.kill('SIGKILL');
    await greymilter.ending.catch(() => undefined);
  });
  return greymilter;
}

/** Whoever runs the tests; root would become postgrey. */
const asMyself = process.getuid?.() === 0 ? ['--user=root'] : [];

describe('greymilter postgrey', () => {
  test('says its version, its options, and what is missing', async () => {
    const version = await runGreymilter(['postgrey', '-version']);
    assert.match(version.stdout, /^postgrey 1\.37 \(greymilter \d/);
    assert.equal(version.code, 0);
    const help = await runGreymilter(['postgrey', '-h']);
    assert.match(help.stdout, /--x-greylist-header=TXT/);
    const list = await runGreymilter(['--help']);
    assert.match(
      list.stdout,
      /greymilter postgrey +The filter for Postfix with Postgrey's options/,
    );
    for (const [words, problem] of [
      [['--delay=60'], /^greymilter: --unix or --inet must be specified\nSee "greymilter postgrey/],
      [['--inet=1', '-n'], /^greymilter: --noaction: there is no dry run/],
      [['--bogus'], /^greymilter: Unknown option: bogus/],
    ] as const) {
      const { code, stderr } = await runGreymilter(['postgrey', ...words]);
      assert.match(stderr, problem);
      assert.equal(code, 64);
    }
  });

  test('answers, logs and reloads as Postgrey does', async (t) => {
    const directory = createTempDirectory(t);
    const at = (name: string): string => join(directory, name);
    writeFileSync(at('clients'), 'white.example\n');
    writeFileSync(
      at('defaults'),
      `POSTGREY_OPTS="--unix=${at('s')} --dbdir=${directory} --delay=60 --hostname=mx.example.net ` +
        `--whitelist-clients=${at('clients')} --whitelist-recipients=${at('none')}"\n` +
        'POSTGREY_TEXT="Come back in %s seconds"\n',
    );
    writeFileSync(at('postgrey.db'), '');
    const greymilter = start(t, [`--defaults=${at('defaults')}`, '--test-clock', ...asMyself]);
    await greymilter.logged(/^ready /);
    assert.match(greymilter.log, /postgrey \(type Net::Server::Multiplex\) starting! pid\(\d+\)$/m);
    assert.match(greymilter.log, /^WARNING: .*none: there is no such file/m);
    assert.match(greymilter.log, /^WARNING: .*has a database of Postgrey/m);
    const client = await PolicyClient.connect({ path: at('s') });
    t.after(() => client.close());

    assert.equal(await ask(client), 'DEFER_IF_PERMIT 4.2.0 Come back in 60 seconds');
    const rest = 'client_address=198.51.100.7, sender=a@example.com, recipient=b@example.net';
    await greymilter.logged(
      new RegExp(`^action=greylist, reason=new, client_name=mail.example.com, ${rest}$`),
    );
    const early = await ask(client, { at: 1_700_000_020, queueId: '4F1A22B3C4' });
    assert.equal(early, 'DEFER_IF_PERMIT 4.2.0 Come back in 40 seconds');
    await greymilter.logged(/^4F1A22B3C4: action=greylist, reason=early-retry \(40s missing\), /);
    assert.match(
      await ask(client, { at: 1_700_000_061 }),
      /^PREPEND X-Greylist: delayed 61 seconds by postgrey-1\.37 at mx\.example\.net; \w{3}, /,
    );
    await greymilter.logged(/^action=pass, reason=triplet found, delay=61, /);
    assert.equal(await ask(client, { at: 1_700_000_062 }), 'DUNNO');
    await greymilter.logged(/^action=pass, reason=triplet found, client_name=/);
    assert.equal(await ask(client, { name: 'mx.white.example' }), 'DUNNO');
    await greymilter.logged(/^action=pass, reason=client whitelist, client_name=mx.white.example/);

    appendFileSync(at('clients'), 'green.example\n.dotted.example\n');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/^HUP received: reloading whitelists\.\.\.$/);
    await greymilter.logged(/^WARNING: .*clients:3:1: .*all names below dotted\.example/);
    await ask(client, { name: 'green.example' });
    await greymilter.logged(/reason=client whitelist, client_name=green.example/);
    appendFileSync(at('clients'), '/(/\nblue.example\n');
    const from = greymilter.log.length;
    greymilter.kill('SIGHUP');
    await greymilter.logged(
      /^WARNING: .*clients:4:1: .*is left out, .*: \/\(\/ is a wrong pattern/,
    );
    // Warnings come before the lists are in force, and this line thereafter.
    await greymilter.logged(/^HUP received/, from);
    await ask(client, { name: 'a.blue.example' });
    await greymilter.logged(/reason=client whitelist, client_name=a.blue.example/);

    greymilter.kill('SIGTERM');
    const { code } = await greymilter.ending;
    assert.equal(code, 0);
    assert.match(greymilter.log, /^\d{4}\/\d\d\/\d\d-\d\d:\d\d:\d\d Server closing!$/m);
  });

  test('starts without the patterns that only Perl can take, and says so wherever it logs', async (t) => {
    const directory = createTempDirectory(t);
    const socket = join(directory, 's');
    const [clients, logFile] = [join(directory, 'clients'), join(directory, 'log')];
    const admin = join(directory, 'admin');
    writeFileSync(clients, '/^(?!mail)/\nwhite.example\n');
    const greymilter = start(t, [
      ...[`--unix=${socket}`, `--dbdir=${directory}`, `--whitelist-clients=${clients}`],
      ...[`--set=log.to=file:${logFile}`, `--set=listen.admin=unix:${admin}`, ...asMyself],
    ]);
    const out = 'is left out, all else is used: /^(?!mail)/ has a lookaround';
    const hasLogged = (pattern: RegExp): boolean =>
      existsSync(logFile) && pattern.test(readFileSync(logFile, 'utf8'));
    // A socket is there before anybody listens at it.
    await waitUntil(() => hasLogged(/: ready /), 'it listens');
    const client = await PolicyClient.connect({ path: socket });
    t.after(() => client.close());
    assert.equal(await ask(client, { name: 'mx.white.example' }), 'DUNNO');
    assert.match(await ask(client, { name: 'mx.black.example' }), /^DEFER_IF_PERMIT /);
    const status = ['status', '--set', `listen.admin=unix:${admin}`];
    const told = (await runGreymilter(status)).stdout;
    assert.match(told, /^warnings +.*clients:1:1: .* is left out, .* has a lookaround/m);
    appendFileSync(clients, '/(a)\\1/\ngreen.example\n');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/^warning: .*clients:3:1: .* \/\(a\)\\1\/ has a backreference/);
    await waitUntil(() => hasLogged(/:3:1: .*has a backreference/), 'log');
    for (const text of [greymilter.log, readFileSync(logFile, 'utf8')]) {
      assert.ok(text.includes(`clients:1:1: lists.postgrey-clients.clients: ${out}`), text);
    }
    await waitUntil(
      async () => (await ask(client, { name: 'a.green.example' })) === 'DUNNO',
      'new',
    );
  });

  test('has no clock that requests set unless it is started for tests', async (t) => {
    const directory = createTempDirectory(t);
    const socket = join(directory, 's');
    const greymilter = start(t, [`--unix=${socket}`, `--dbdir=${directory}`, ...asMyself]);
    await greymilter.logged(/^ready /);
    const client = await PolicyClient.connect({ path: socket });
    t.after(() => client.close());
    await ask(client);
    assert.match(await ask(client, { at: 1_800_000_000 }), /^DEFER_IF_PERMIT /);
  });

  test('goes into the background, with a pid file, and comes back with what is wrong', async (t) => {
    const directory = createTempDirectory(t);
    const [socket, pidFile] = [join(directory, 's'), join(directory, 'pid')];
    const clients = join(directory, 'clients');
    writeFileSync(clients, '/^(?!mail)/\n');
    const options = [
      ...[`--unix=${socket}`, `--dbdir=${directory}`, `--whitelist-clients=${clients}`],
      ...[`--whitelist-recipients=${directory}/none.local`, ...asMyself, '-d'],
    ];
    const { code, stderr } = await runGreymilter(['postgrey', ...options, `--pidfile=${pidFile}`]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: .*clients:1:1: .*a lookaround, .*\n +\/\^\(\?!mail\)\/\n.*\n$/);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const end = (): void => {
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended already.
      }
    };
    t.after(end);
    const client = await PolicyClient.connect({ path: socket });
    assert.match(await ask(client), /^DEFER_IF_PERMIT 4\.2\.0 Greylisted, see /);
    await client.close();

    // What lies there is no sign that a second one runs: nothing, and the number of somebody who lives.
    for (const left of [undefined, '', `${process.pid}\n`]) {
      if (left !== undefined) writeFileSync(`${pidFile}.2`, left);
      const second = await runGreymilter(['postgrey', ...options, `--pidfile=${pidFile}.2`]);
      assert.equal(second.code, 73, left);
      assert.match(
        second.stderr,
        /\ngreymilter: it does not run in the background; syslog says why\n$/,
      );
    }
    const withoutFile = await runGreymilter(['postgrey', ...options]);
    assert.equal(withoutFile.code, 73, withoutFile.stderr);
    end();
    await waitUntil(() => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    }, 'the process in the background ends');
  });
});
