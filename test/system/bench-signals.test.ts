import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { benchScript } from '../support/bench.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';

/** Processes that were started with this folder for temporary files, or one in it. */
function startedWith(temporary: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${temporary}`);
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return false;
    }
  });
}

/** Whether there is a file whose name ends so, in any folder below. */
function hasFile(directory: string, end: string): boolean {
  const names = readdirSync(directory, { encoding: 'utf8', recursive: true });
  return names.some((name) => name.endsWith(end));
}

const siege = ['siege', '--rate', '20', '--seconds', '60'] as const;

describe('scripts/bench leaves nothing behind when it is ended', () => {
  for (const [signal, status] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    test(`by ${signal}`, (t) => endIt(t, signal, { args: siege, file: 'siege.sock', status }));

  test('by SIGTERM, beside a Redis', { skip: skipWithoutRedis() }, (t) =>
    endIt(t, 'SIGTERM', { args: ['--shared'], file: 'Redis.sock', status: 143 }),
  );
});

/**
 * @param file the end of the name of a file that shows that all is running
 */
async function endIt(
  t: { after(run: () => void): void },
  signal: NodeJS.Signals,
  { args, file, status }: { args: readonly string[]; file: string; status: number },
): Promise<void> {
  const temporary = createTempDirectory(t);
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(benchScript, args, { env, stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  const group = -Number(child.pid);
  await waitUntil(() => hasFile(temporary, file), 'the filter listens');
  assert.ok(startedWith(temporary).length >= 3);
  // A terminal tells all of them.
  process.kill(signal === 'SIGTERM' ? -group : group, signal);
  assert.deepEqual(await ended, [status, null]);
  // What tsx has compiled stays for the next run.
  const left = readdirSync(temporary).filter((name) => !name.startsWith('tsx-'));
  assert.deepEqual(left, []);
  await waitUntil(() => startedWith(temporary).length === 0, 'all processes are gone');
}
