import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openSession, sendMail } from './smtp-session.js';

/** A filter that reads a greylist.conf and writes the log of milter-greylist. */
class Site {
  readonly file: string;
  readonly #directory: string;
  readonly #logFile: string;

  constructor(t: TestContext) {
    this.#directory = createTempDirectory({ after: (remove) => t.after(remove) });
    this.file = join(this.#directory, 'greylist.conf');
    this.#logFile = join(this.#directory, 'log');
  }

  write(...lines: readonly string[]): void {
    const socket = `socket "${this.#directory}/milter.sock"`;
    writeFileSync(this.file, ['nospf', socket, ...lines, ''].join('\n'));
  }

  async start(t: TestContext): Promise<GreymilterProcess> {
    const settings = [`log.to=file:${this.#logFile}`, 'limits.drain=0s', 'lookups.timeout=1s'];
    const greymilter = startGreymilter(
      t,
      [
        ...['--config', this.file, '--store', join(this.#directory, 'db')],
        ...settings.flatMap((setting) => ['--set', setting]),
      ],
      { logFile: this.#logFile },
    );
    await greymilter.logged(/: ready /);
    return greymilter;
  }

  async mail(greymilter: GreymilterProcess, to: string): Promise<void> {
    const peer = await greymilter.connect(`unix:${this.#directory}/milter.sock`);
    await openSession(peer);
    await sendMail(peer, { from: 'alice@client.example', to: [to], macros: { i: '4QX' } });
    await peer.quit();
  }
}

/** Without the heads of the lines. */
function bodies(log: string): readonly string[] {
  return log
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^.*? milter-greylist\[\d+\]: /, ''));
}

const alice = '192.0.2.1 from <alice@client.example>';

describe('the log of a greylist.conf', () => {
  test('has the lines of milter-greylist, and all of them with verbose', async (t) => {
    const site = new Site(t);
    const rules = [
      'verbose',
      'greylist 1s',
      'ratelimit "many mails" rcpt 1 / 1h key "%r %i"',
      'racl "busy" blacklist rcpt busy@example.org ratelimit "many mails"',
      'racl "gone" continue rcpt gone@example.org flushaddr',
      'racl continue rcpt /./ log "%h asks: \\"%r\\""',
      'racl greylist default autowhite 1h',
    ];
    site.write(...rules);
    const greymilter = await site.start(t);
    await site.mail(greymilter, 'bob@example.org');
    await setTimeout(1100);
    await site.mail(greymilter, 'bob@example.org');
    for (const to of ['bob', 'busy', 'busy', 'gone']) {
      await site.mail(greymilter, `${to}@example.org`);
    }
    await greymilter.logged(/ flushed, /);
    site.write(...rules, 'quiet');
    await greymilter.logged(/ reloaded config file /);
    greymilter.kill('SIGTERM');
    await greymilter.ending;

    const lines = bodies(greymilter.log);
    const named = '4QX: addr mail.client.example[192.0.2.1] from <alice@client.example>';
    for (const expected of [
      `created: ${alice} to <bob@example.org> delayed for 00:00:01`,
      `${named} to <bob@example.org> delayed for 00:00:01 (ACL 9)`,
      `removed: ${alice} to <bob@example.org>`,
      `created: AUTO ${alice} to <bob@example.org> valid for 01:00:00`,
      `4QX: addr ${alice} rcpt <bob@example.org>: autowhitelisted for another 01:00:00`,
      'ratelimit overflow for class many mails: 2, limit is 1 recipients / 3600 sec, key = "busy@example.org 192.0.2.1"',
      `${named} to <busy@example.org> blacklisted (ACL busy)`,
      'mail.client.example asks: \\"bob@example.org\\"',
      'smfi_main() returned 0',
    ]) {
      assert.ok(lines.includes(expected), `${expected} is not in\n${lines.join('\n')}`);
    }
    const log = lines.join('\n');
    assert.match(log, /^4QX: addr 192\.0\.2\.1 flushed, removed \d grey and autowhite \(ACL 7\)$/m);
    const file = `"${site.file}"`;
    assert.ok(lines.includes(`reloading config file ${file}`), log);
    assert.match(log, new RegExp(`^reloaded config file ${file} in \\d+\\.\\d{6}s$`, 'm'));
  });
});
