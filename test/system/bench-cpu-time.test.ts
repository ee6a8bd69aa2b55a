import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { cpuMicroseconds } from '../../scripts/benchmark/process-cost.js';

/** Keeps a processor busy for a while in a thread that ends, again and again, and says what all has taken. */
const program = `
  const { Worker } = require('node:worker_threads');
  const busy = 'const until = performance.now() + 150; while (performance.now() < until);';
  (async () => {
    for (let time = 0; time < 3; time++) {
      const thread = new Worker(busy, { eval: true });
      await new Promise((resolve) => thread.once('exit', resolve));
    }
    const { user, system } = process.cpuUsage();
    console.log(user + system);
    setInterval(() => undefined, 1000);
  })();
`;

test('what threads have used that have ended is part of the CPU time of scripts/bench', async (t) => {
  const child = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const used = Number(String(said));
  assert.ok(used > 150_000, String(used));
  const found = cpuMicroseconds(Number(child.pid));
  assert.ok(Math.abs(found - used) < 60_000, `${found} of ${used}`);
});
