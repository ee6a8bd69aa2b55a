import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, test, type TestContext } from 'node:test';
import { whilePlaced } from '../../scripts/benchmark/placement.js';

function startSleeper(t: TestContext): number {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  t.after(() => child.kill());
  assert.ok(child.pid !== undefined);
  return child.pid;
}

const processorsOf = (pid: number): string | undefined =>
  /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

describe('load and filter', () => {
  for (const where of ['apart', 'together'] as const)
    test(`run ${where} while that is measured, and wherever they like afterwards`, async (t) => {
      const [load, filter, other] = [startSleeper(t), startSleeper(t), startSleeper(t)];
      const before = processorsOf(load);
      const found = await whilePlaced(where, { load, filters: [filter, other] }, () =>
        Promise.resolve([load, filter, other].map(processorsOf)),
      );
      if (availableParallelism() === 1) assert.equal(found, undefined);
      else {
        const [first = '', second = '', third] = found ?? [];
        assert.match(first, /^\d+$/);
        assert.match(second, /^\d+$/);
        assert.equal(second, third);
        assert.equal(first === second, where === 'together');
      }
      assert.deepEqual([load, filter, other].map(processorsOf), [before, before, before]);
    });

  test('run wherever they like after what has failed', async (t) => {
    const [load, filter] = [startSleeper(t), startSleeper(t)];
    const before = processorsOf(load);
    const failing = whilePlaced('apart', { load, filters: [filter] }, () =>
      Promise.reject(new Error('no answer')),
    );
    if (availableParallelism() > 1) await assert.rejects(failing, /no answer/);
    assert.deepEqual([load, filter].map(processorsOf), [before, before]);
  });
});
