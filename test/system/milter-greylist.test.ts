import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { GreymilterProcess, runGreymilter } from '../support/daemon-process.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isListening } from '../support/is-listening.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

interface Place {
  readonly conf: string;
  readonly socket: string;
  readonly store: string;
  readonly log: string;
}

/** A directory with a greylist.conf. */
function prepare(t: TestContext, text: string): Place {
  const directory = createTempDirectory(t);
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('greylist.conf'), text.replaceAll('DIR', directory));
  return { conf: at('greylist.conf'), socket: at('sock'), store: at('db'), log: at('log') };
}

function own({ store, log }: Place): readonly string[] {
  const settings = [`store.url=level:${store}`, `log.to=file:${log}`, 'listen.admin=null'];
  return settings.flatMap((setting) => ['--set', setting]);
}

async function told(socket: string, from = 'a@s.example'): Promise<string> {
  const peer = await MtaPeer.connect({ path: socket });
  await openSession(peer, { address: '192.0.2.10' });
  const { rcpt } = await sendMail(peer, { from, to: ['b@r.example'] });
  await peer.quit();
  return rcpt.join();
}

function comeBackIn(time: string): string {
  return `451 4.7.1 Greylisting in action, please come back in ${time}`;
}

/** The command in this process: a process of its own takes its time to start. */
async function run(...words: readonly string[]) {
  const output = new RecordingOutput();
  const code = await runCommandLine(['milter-greylist', ...words], output);
  return { code, stdout: output.printed, stderr: output.errors };
}

describe('greymilter milter-greylist', () => {
  test('says its version, its options, and what is wrong with them', async (t) => {
    const { conf } = prepare(t, 'nospf\ngreylist 5m\nracl greylist default\n');
    const version = await run('-r');
    assert.match(version.stdout, /^milter-greylist-4\.6\.4 \(greymilter \d/);
    assert.equal(version.code, 0);
    const help = await run('-h');
    assert.match(help.stderr, /-u user\[:group\]/);
    assert.equal(help.code, 64);
    assert.equal((await run('--help')).code, 0);
    const list = await runGreymilter(['--help']);
    assert.match(list.stdout, /milter-greylist +The filter with/);
    for (const [words, problem] of [
      [['-w', '0', '-f', conf], /-w 0: is no wait: name at least 1s/],
      [['-a', 'soon', '-f', conf], /-a soon: is no time/],
      [['-L', '/24', '-c', '-f', conf], /-L \/24: is no number of bits/],
      [['-L', '33', '-c', '-f', conf], /-L 33: an address has 32 bits; 0 makes all clients one/],
      [['-M129', '-c', '-f', conf], /-M 129: an address has 128 bits/],
      [['-X'], /-X: there is no such option/],
      [['--bogus'], /--bogus: there is no such option/],
      [['-a'], /-a needs a value: autowhite/],
      [['--set'], /--set needs a value/],
      [['-D', 'more'], /more: is no option/],
      [['-D', '--', 'more'], /more: is no option/],
      [['-D', '-f', conf], /has no socket: write one, or name it by -p/],
    ] as const) {
      const { code, stderr } = await run(...words);
      assert.match(stderr, problem);
      assert.equal(code, 64, stderr);
    }
  });

  test('checks a file, and ends as milter-greylist does', async (t) => {
    for (const [text, code, said] of [
      ['nospf\ngreylist 5m\nracl greylist default\n', 0, /greylist\.conf: can be used/],
      ['nospf\ngreylist 5m\nracl greylist default', 0, /can be used/],
      ['racl whitelist\n', 65, /greylist\.conf:1:/],
      ['racl whitelist domain /foo\\(/\n', 71, /greylist\.conf:1:.*pattern/],
      ['racl whitelist list "pattern"\n', 65, /names the list "pattern"/],
      ['list "x" geoip { /FR/ }\n', 65, /has a pattern for a country/],
    ] as const) {
      const { conf } = prepare(t, text);
      const checked = await run('-c', '-f', conf);
      assert.match(checked.stderr, said);
      assert.equal(checked.code, code, text);
    }
    const { conf } = prepare(t, 'nospf\nsocket "DIR/sock"\nracl whitelist domain /foo\\(/\n');
    for (const words of [['-D'], []])
      assert.equal((await run(...words, '-f', conf)).code, 71, 'a start ends so, too');
    const missing = await run('-cf/nowhere/greylist.conf');
    assert.equal(missing.code, 65);
    assert.match(missing.stderr, /there is no such file/);
  });

  test('looks at the account and the pid file of its options as a start does', async (t) => {
    const { conf } = prepare(t, 'nospf\nuser "nosuchuser"\npidfile "/nowhere/pid"\n');
    const noted = await run('-c', '-f', conf);
    assert.equal(noted.code, 0, 'a file may be for another machine');
    assert.match(noted.stderr, /greylist\.conf:2:1: there is no user "nosuchuser" on this system/);
    assert.match(noted.stderr, /greylist\.conf:3:1: there is no directory \/nowhere/);
    assert.match(noted.stderr, /\^ a filter of this machine would not start/);
    assert.match(noted.stderr, /greylist\.conf: can be used\n$/);
    const pidFile = await run('-c', '-f', conf, '-P', '/nowhere/else/pid');
    assert.equal(pidFile.code, 73);
    assert.match(
      pidFile.stderr,
      /-P \/nowhere\/else\/pid: .*there is no directory \/nowhere\/else/,
    );
    if (process.getuid?.() !== 0) {
      const other = await run('-c', '-f', conf, '-u', 'nobody');
      assert.deepEqual([other.code, /only root/.test(other.stderr)], [64, true]);
      return;
    }
    for (const [account, problem] of [
      ['nosuchuser', /-u nosuchuser: there is no user "nosuchuser"/],
      ['nobody:nosuchgroup', /-u nobody:nosuchgroup: there is no group "nosuchgroup"/],
    ] as const) {
      for (const words of [['-c'], ['-D', '-p', '/nowhere/sock']]) {
        const unknown = await run(...words, '-f', conf, '-u', account);
        assert.match(unknown.stderr, problem);
        assert.equal(unknown.code, 65);
      }
    }
    assert.equal((await run('-c', '-f', conf, '-u', 'nobody', '-P', '/tmp/pid')).code, 0);
  });

  test('shows what results, options on top of the file', async (t) => {
    const { conf } = prepare(
      t,
      'nospf\ngreylist 5m\nautowhite 3d\nsubnetmatch /24\nracl greylist default\n',
    );
    const words = ['-a', '0', '-w10m', '-L', '0', '-M64', '-P', '/run/x.pid', '-d', '/var/x.db'];
    const { stdout, code } = await run('-clvf', conf, ...words, '-p', 'inet:8999@127.0.0.1');
    assert.equal(code, 0);
    for (const line of [
      /^ {2}delay: 10m$/m,
      /^ {2}autowhite: 0s$/m,
      /^ {4}ipv4: 0\n {4}ipv6: 64$/m,
      /^pid-file: \/run\/x\.pid$/m,
      /milter-greylist: \/var\/x\.db$/m,
      /inet:8999@127\.0\.0\.1/,
      /^ {2}level: debug$/m,
    ]) {
      assert.match(stdout, line);
    }
    const long = await run('-clf', conf, '-w', '5d', '-a', '9999w');
    assert.match(long.stderr, /^-a 9999w: greylist\.autowhite: is 1830d here$/m);
    assert.match(long.stderr, /^-w 5d: greylist\.delay: is 1d here$/m);
    assert.match(long.stdout, /^ {2}delay: 1d$/m);
    const named = await run('-clvf', conf, '-p', 'inet:smtp');
    assert.match(named.stdout, /inet:25@0\.0\.0\.0/);
  });

  test('greylists, logs and reloads as milter-greylist does, options on top', async (t) => {
    const place = prepare(
      t,
      'nospf\nsocket "DIR/sock"\ngreylist 5m\nracl greylist default autowhite 3600\n',
    );
    const greymilter = new GreymilterProcess([
      ...['milter-greylist', '-D', '-w', '2m', '-f', place.conf, ...own(place)],
    ]);
    t.after(async () => {
      greymilter.kill('SIGKILL');
      await greymilter.ending.catch(() => undefined);
    });
    await waitUntil(() => isListening({ path: place.socket }), 'the socket');
    assert.equal(await told(place.socket), comeBackIn('00:02:00'));
    await waitUntil(() => readFileSync(place.log, 'utf8').includes('delayed for'), 'the line');
    assert.match(
      readFileSync(place.log, 'utf8'),
      /^\w{3} [ \d]\d [\d:]{8} \S+ milter-greylist\[\d+\]: \S+.*: addr \S+\[192\.0\.2\.10\] from <a@s\.example> to <b@r\.example> delayed for 00:02:00 \(ACL 4\)$/m,
    );
    const text = readFileSync(place.conf, 'utf8').replace('greylist 5m', 'greylist 9m\nquiet');
    writeFileSync(place.conf, text);
    greymilter.kill('SIGHUP');
    await waitUntil(() => readFileSync(place.log, 'utf8').includes('reloaded config file'), 'it');
    assert.equal(
      await told(place.socket, 'new@s.example'),
      '451 4.7.1 Greylisting in action, please come back later',
    );
    greymilter.kill('SIGTERM');
    const { code, stderr } = await greymilter.ending;
    assert.equal(code, 0);
    // What is odd about a file is said where it is started, and not again at a reload.
    assert.equal(stderr.match(/greylist\.conf:4:\d+: has the time without a unit/g)?.length, 1);
  });

  test('goes into the background, and writes who it is', async (t) => {
    const place = prepare(
      t,
      'nospf\nsocket "DIR/sock"\npidfile "DIR/pid"\nracl greylist default\n',
    );
    const words = ['milter-greylist', '-f', place.conf, ...own(place)];
    const started = await runGreymilter(words, { withinMs: 60_000 });
    assert.equal(started.code, 0, started.stderr);
    const pid = Number(readFileSync(join(place.conf, '..', 'pid'), 'utf8'));
    t.after(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    assert.equal(await told(place.socket), comeBackIn('00:30:00'));
    process.kill(pid, 'SIGTERM');
    await waitUntil(() => !isAlive(pid), 'its end');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Nobody of that number.
    return false;
  }
}
