import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { findUser } from '../../src/daemon/process/system-account.js';
import {
  runGreymilter,
  startGreymilter,
  type GreymilterProcess,
} from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openSession, tryRecipient } from './smtp-session.js';

/** A directory with a file of milter-greylist's in it, and the filter that reads it. */
class Site {
  readonly directory: string;
  readonly file: string;
  readonly logFile: string;

  constructor(t: TestContext) {
    this.directory = createTempDirectory({ after: (remove) => t.after(remove) });
    this.file = join(this.directory, 'greylist.conf');
    this.logFile = join(this.directory, 'log');
  }

  /** Its socket stands in the file, as it would. */
  write(text: string): void {
    writeFileSync(this.file, `socket "${this.directory}/milter.sock" 660\n${text}`);
  }

  async start(t: TestContext, more: readonly string[] = []): Promise<GreymilterProcess> {
    const settings = [`log.to=file:${this.logFile}`, 'log.style=greymilter', 'limits.drain=0s'];
    const greymilter = startGreymilter(
      t,
      [
        ...['--config', this.file, '--store', join(this.directory, 'db')],
        ...[...settings, 'lookups.timeout=1s'].flatMap((setting) => ['--set', setting]),
        ...more,
      ],
      { logFile: this.logFile },
    );
    await greymilter.ready();
    return greymilter;
  }

  /** What a client is told of one recipient. */
  async told(greymilter: GreymilterProcess, recipient = 'bob@example.com'): Promise<string> {
    const peer = await greymilter.connect(`unix:${this.directory}/milter.sock`);
    await openSession(peer);
    await peer.mail('<alice@client.example>');
    const reply = await tryRecipient(peer, recipient);
    await peer.quit();
    return reply;
  }
}

describe('serve --config greylist.conf', () => {
  test('just works, and reads the file again when it changes, but for a broken one', async (t) => {
    const site = new Site(t);
    site.write('nospf\nracl blacklist rcpt eve@example.com\nracl greylist default delay 90s\n');
    const greymilter = await site.start(t);
    assert.equal(statSync(join(site.directory, 'milter.sock')).mode & 0o777, 0o660);
    const wait = 'Greylisting in action, please come back in 00:01:30';
    assert.equal(await site.told(greymilter), `451 4.7.1 ${wait}`);
    assert.equal(await site.told(greymilter, 'eve@example.com'), '551 5.7.1 Go away!');

    site.write('nospf\nracl blacklist default msg "Closed"\n');
    await greymilter.logged(/ configuration reloaded /);
    assert.equal(await site.told(greymilter), '551 5.7.1 Closed');

    site.write('nospf\nracl blaklist default\n');
    const failed = await greymilter.logged(/ reload failed, everything stays as it was /);
    assert.match(failed, /greylist\.conf:3:6/);
    assert.equal(await site.told(greymilter), '551 5.7.1 Closed');

    const before = greymilter.log.length;
    site.write('nospf\nracl whitelist default\n');
    await greymilter.logged(/ configuration reloaded /, before);
    const again = greymilter.log.length;
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded /, again);
    assert.equal(await site.told(greymilter), 'continue');
  });

  test('refuses what is not supported, with its line, unless it is told to ignore it', async (t) => {
    const site = new Site(t);
    site.write('nospf\npeer 192.0.2.1\nracl whitelist p0f "Linux"\nracl blacklist default\n');
    const { code, stderr } = await runGreymilter(['serve', '--config', site.file]);
    assert.equal(code, 65);
    assert.match(stderr, /greylist\.conf:3:1: peer is not told of anything/);
    assert.match(stderr, /greylist\.conf:4:16: p0f is not asked/);
    const greymilter = await site.start(t, ['--ignore-unsupported']);
    assert.match(greymilter.log, / warn .*greylist\.conf:3:1: peer is not told/);
    // The rule is left out, and lets nobody pass whom it was not meant for.
    assert.equal(await site.told(greymilter), '551 5.7.1 Go away!');
  });

  test(
    'as root tells of an account that there is not with its line',
    { skip: process.getuid?.() === 0 ? false : 'only root can become another user' },
    async (t) => {
      const site = new Site(t);
      for (const [user, problem] of [
        ['nosuchuser', 'there is no user "nosuchuser" on this system'],
        ['nobody:nosuchgroup', 'there is no group "nosuchgroup" on this system'],
      ] as const) {
        site.write(`nospf\nuser "${user}"\n`);
        const { code, stderr } = await runGreymilter(['serve', '--config', site.file]);
        assert.equal(code, 65);
        assert.ok(stderr.startsWith(`greymilter: ${site.file}:3:1: ${problem}`), stderr);
        assert.match(stderr, /^ {4}user "nosuch|^ {4}user "nobody/m);
      }
    },
  );

  test(
    'as root runs as the user that the file names',
    { skip: process.getuid?.() === 0 ? false : 'only root can become another user' },
    async (t) => {
      const site = new Site(t);
      chmodSync(site.directory, 0o777);
      site.write(`nospf\nuser "nobody"\npidfile "${site.directory}/pid"\n`);
      const greymilter = await site.start(t);
      const { uid } = findUser('nobody');
      assert.equal(statSync(join(site.directory, 'milter.sock')).uid, uid);
      assert.equal(statSync(join(site.directory, 'pid')).uid, uid);
      const pid = readFileSync(join(site.directory, 'pid'), 'utf8').trim();
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      assert.match(status, new RegExp(`^Uid:(\\t${uid}){4}$`, 'm'));
      greymilter.kill('SIGTERM');
      assert.equal((await greymilter.ending).code, 0);
    },
  );
});
