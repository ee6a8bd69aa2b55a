import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { runCommandLine } from '../../src/cli/command-line.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

async function send(daemon: TestDaemon, from: string, to: string): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from, to: [to] });
  peer.drop();
}

const HOUR = 3_600_000;

/** Three triplets, an hour between them; the last one's domain is the first. */
async function filled(t: TestContext): Promise<{ daemon: TestDaemon; store: string }> {
  const clock = createManualClock(Date.now() - 3 * HOUR);
  const daemon = await startTestDaemon(t, { clock });
  for (const from of ['z@one.example', 'a@two.example', 'm@alpha.example']) {
    await send(daemon, from, 'r@b.example');
    clock.advance(HOUR);
  }
  return { daemon, store: join(daemon.directory, 'db') };
}

async function senders(...args: readonly string[]): Promise<readonly string[]> {
  const { code, printed, errors } = await run('list', '--json', ...args);
  assert.deepEqual([code, errors], [0, '']);
  const lines = printed.split('\n').filter((line) => line !== '');
  // What the command prints.
  return lines.map((line) => String((JSON.parse(line) as { sender?: string }).sender));
}

describe('list', () => {
  test('sorts, and has the first of them, with a filter and without', async (t) => {
    const { daemon, store } = await filled(t);
    const [one, two, alpha] = ['z@one.example', 'a@two.example', 'm@alpha.example'];
    const check = async (): Promise<void> => {
      const sorted = (...args: readonly string[]) => senders('--store', store, ...args);
      assert.deepEqual(await sorted('--sort', 'first'), [one, two, alpha]);
      assert.deepEqual(await sorted('--sort', 'last', '--reverse'), [alpha, two, one]);
      assert.deepEqual(await sorted('--sort', 'until', '--limit', '1'), [one]);
      assert.deepEqual(await sorted('--sort', 'sender', '--limit', '2'), [alpha, one]);
      assert.deepEqual((await sorted('--sort', 'recipient')).length, 3);
      assert.deepEqual((await sorted('--sort', 'client')).length, 3);
    };
    await check();
    await daemon.stop();
    await check();
  });

  test('knows how old a triplet is', async (t) => {
    const { store } = await filled(t);
    const found = (...args: readonly string[]) => senders('--store', store, ...args);
    assert.deepEqual(await found('--older-than', '150m'), ['z@one.example']);
    assert.deepEqual(await found('--newer-than', '90m'), ['m@alpha.example']);
    assert.deepEqual(await found('--older-than', '90m', '--newer-than', '150m'), ['a@two.example']);
    assert.equal((await found('--kind', 'triplet', '--state', 'pending')).length, 3);
    assert.equal((await found('--kind', 'reply')).length, 0);
  });

  test('says what makes no sense', async (t) => {
    const { store } = await filled(t);
    for (const [args, problem] of [
      [['--sort', 'age'], /--sort age must be one of first, last, until/],
      [['--sort', 'first', '--limit', '1001'], /--limit up to 1000/],
      [['--sort', 'first', '--follow'], /still to come cannot be sorted/],
      [['--reverse'], /--reverse: of what\?/],
      [['--older-than', '5'], /--older-than 5 .*/],
      [['--limit', '0'], /--limit must be a whole number above 0/],
    ] as const) {
      const { code, errors } = await run('list', '--store', store, ...args);
      assert.equal(code, 64, errors);
      assert.match(errors, problem);
    }
  });

  test('goes on with what changes', async (t) => {
    const { daemon, store } = await filled(t);
    const follow = new GreymilterProcess([
      'list',
      '--store',
      store,
      '--from',
      '@two.example',
      '--follow',
    ]);
    t.after(() => follow.kill('SIGKILL'));
    const lines = (): readonly string[] => follow.stdout.split('\n').filter((line) => line !== '');
    await waitUntil(() => lines().length >= 2, 'the list');
    await send(daemon, 'm@alpha.example', 'r@b.example');
    await send(daemon, 'new@two.example', 'r@b.example');
    await waitUntil(() => lines().length >= 3, 'a new record');
    assert.match(lines()[2] ?? '', /^pending +\S+ +new@two\.example +r@b\.example /);
    await run('pass', '--from', 'new@two.example', '--store', store, '--yes');
    await waitUntil(() => lines().length >= 4, 'a change');
    assert.match(lines()[3] ?? '', /^passed +\S+ +new@two\.example /);
    await run('forget', '--from', 'new@two.example', '--store', store, '--yes');
    await waitUntil(() => lines().length >= 5, 'its end');
    assert.match(lines()[4] ?? '', /^forgotten +\S+ +new@two\.example /);
    follow.kill('SIGINT');
    const { code, stderr } = await follow.ending;
    assert.deepEqual([code, stderr, lines().length], [0, '', 5]);
  });

  test('cannot follow where no filter runs', async (t) => {
    const { daemon, store } = await filled(t);
    await daemon.stop();
    const { code, errors } = await run('list', '--store', store, '--follow');
    assert.equal(code, 69);
    assert.match(errors, /no filter runs/);
  });
});
