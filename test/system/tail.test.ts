import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { runCommandLine } from '../../src/cli/command-line.js';
import { GreymilterProcess, startGreymilter } from '../support/daemon-process.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

/** Sends a mail until the tail has it, since nobody else tells when it listens. */
async function tailOf(
  t: TestContext,
  args: readonly string[],
  attempts: (daemon: TestDaemon) => Promise<void>,
): Promise<RecordingOutput & { code: number }> {
  const daemon = await startTestDaemon(t);
  const output = new RecordingOutput();
  let code: number | undefined;
  const store = join(daemon.directory, 'db');
  const running = runCommandLine(['tail', '--store', store, '--limit', '1', ...args], output).then(
    (ended) => (code = ended),
  );
  while (code === undefined) {
    await attempts(daemon);
  }
  return Object.assign(output, { code: await running });
}

async function send(daemon: TestDaemon, from: string, to: string): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from, to: [to] });
  peer.drop();
}

describe('tail', () => {
  test('prints decisions as the log has them', async (t) => {
    const { printed, errors, code } = await tailOf(t, [], (daemon) =>
      send(daemon, 'a@x.example', 'r@b.example'),
    );
    assert.deepEqual([code, errors], [0, '']);
    assert.match(
      printed,
      /^\S+Z verdict=tempfail reason=greylist-\w+ client=\S+ id=.* from=<a@x\.example> to=<r@b\.example> .*took=\d+\n$/,
    );
  });

  test('has only those that are meant', async (t) => {
    const meant = ['--to', '@b.example', '--from', 'a@', '--verdict', 'tempfail', '--json'];
    const { printed } = await tailOf(
      t,
      [...meant, '--reason', 'greylist-new', '--client', '0.0.0.0/0'],
      async (daemon) => {
        await send(daemon, 'a@x.example', 'r@c.example');
        await send(daemon, 'b@x.example', 'r@b.example');
        await send(daemon, `a@y${String(daemon.decisions.length)}.example`, 'R@B.example');
      },
    );
    // What the command prints.
    const shown = JSON.parse(printed) as Readonly<Record<string, unknown>>;
    assert.match(String(shown['from']), /^<a@y/);
    assert.deepEqual(
      [shown['to'], shown['verdict'], shown['reason'], shown['via']],
      ['<R@B.example>', 'tempfail', 'greylist-new', 'milter'],
    );
  });

  test('says what is no verdict, no reason, no client and no number', async (t) => {
    const { directory } = await startTestDaemon(t);
    const store = join(directory, 'db');
    for (const [option, value, problem] of [
      ['--verdict', 'reject-it', /verdict: "reject-it" is none of accept, tempfail/],
      ['--reason', 'spam', /reason: "spam" is none of greylist-new, /],
      ['--client', 'mx', /client: "mx" is no address and no network/],
      ['--limit', 'x', /--limit must be a whole number above 0/],
    ] as const) {
      const output = new RecordingOutput();
      assert.equal(await runCommandLine(['tail', '--store', store, option, value], output), 64);
      assert.match(output.errors, problem);
    }
  });

  test('needs a filter that runs', async (t) => {
    const output = new RecordingOutput();
    const store = join(createTempDirectory(t), 'db');
    assert.equal(await runCommandLine(['tail', '--store', store], output), 69);
    assert.match(output.errors, /^greymilter: no filter runs: nobody answers at /);
  });

  test('ends with the filter and says so, and at Ctrl-C without a word', async (t) => {
    const store = join(createTempDirectory(t), 'db');
    const listen = ['--listen', 'inet:0@127.0.0.1'];
    const greymilter = startGreymilter(t, ['--store', store, ...listen]);
    const [address = ''] = await greymilter.ready();
    const interrupted = new GreymilterProcess(['tail', '--store', store]);
    const cut = new GreymilterProcess(['tail', '--store', store]);
    t.after(() => [interrupted, cut].forEach((each) => each.kill('SIGKILL')));
    for (const each of [interrupted, cut]) {
      // Nobody else tells when it listens.
      while (each.stdout === '') {
        const peer = await greymilter.connect(address);
        await openSession(peer);
        await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
        peer.drop();
      }
    }
    interrupted.kill('SIGINT');
    const first = await interrupted.ending;
    assert.deepEqual([first.code, first.signal, first.stderr], [0, null, '']);
    greymilter.kill('SIGTERM');
    const { code, stderr } = await cut.ending;
    assert.equal(code, 69);
    assert.match(stderr, /^greymilter: the filter has ended, or was restarted: [^\n]+\n$/);
    assert.equal((await greymilter.ending).code, 0);
  });
});
