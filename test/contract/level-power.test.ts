import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createManualClock } from '../support/manual-clock.js';
import { createPowerCut } from '../support/power-cut.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openOn } from './level-rig.js';
import { startWriter } from './writer-process.js';

/** How the power is cut, time and again, of one store. */
interface Cuts {
  readonly durability: 'process' | 'power';
  readonly mode: 'steady' | 'compacting';
  /** After so many writes in each round; 0 as soon as it is open. */
  readonly after: readonly number[];
}

/** What became of them. */
interface Outcome {
  /** Keys that the writers have vouched for. */
  readonly answered: number;
  readonly missing: readonly string[];
  readonly lostBytes: number;
}

/** Lets writers write, one after the other, and takes back what is not on the disk after each. */
async function cutOverAndOver(t: TestContext, { durability, mode, after }: Cuts): Promise<Outcome> {
  const path = join(createTempDirectory(t), 'db');
  const power = createPowerCut(t, path);
  const keys: string[] = [];
  let lostBytes = 0;
  for (const [round, count] of after.entries()) {
    const name = `t${round}-`;
    const environment = power.environment;
    const writer = await startWriter(t, path, mode, { durability, name, environment });
    keys.push(...(await killAfter(writer, count)));
    lostBytes += power.cut();
  }
  const store = await openOn(path, createManualClock());
  try {
    const missing = keys.filter((key) => store.get(key) === undefined);
    return { answered: keys.length, missing, lostBytes };
  } finally {
    await store.close();
  }
}

async function killAfter(
  { child, lines }: Awaited<ReturnType<typeof startWriter>>,
  count: number,
): Promise<readonly string[]> {
  const keys: string[] = [];
  if (count === 0) child.kill('SIGKILL');
  for await (const line of lines) {
    const key: unknown = JSON.parse(line);
    if (typeof key === 'string') keys.push(key);
    if (keys.length === count) child.kill('SIGKILL');
  }
  return keys;
}

describe('a power cut', () => {
  test('7. with durability power takes nothing that resolved, whenever it comes', async (t) => {
    const outcome = await cutOverAndOver(t, {
      ...{ durability: 'power', mode: 'steady' },
      after: [0, 1, 400, 17],
    });
    assert.deepEqual(outcome.missing, []);
    assert.ok(outcome.answered >= 418, String(outcome.answered));
  });

  test('7. nor while it compacts', async (t) => {
    const { missing } = await cutOverAndOver(t, {
      ...{ durability: 'power', mode: 'compacting' },
      after: [300, 700],
    });
    assert.deepEqual(missing, []);
  });

  test('with durability process takes what was written last, and the store can be opened', async (t) => {
    const outcome = await cutOverAndOver(t, {
      ...{ durability: 'process', mode: 'steady' },
      after: [0, 400],
    });
    // Were nothing lost, the cuts above would show nothing.
    assert.ok(outcome.lostBytes > 0);
    assert.ok(outcome.missing.length > 0);
  });
});
