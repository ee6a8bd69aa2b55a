import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { StoreDamage } from '../../../../src/daemon/stores/store-damage.js';
import { TableWatch, type CheckPace } from '../../../../src/daemon/stores/table-watch.js';
import { garbleLargestTable } from '../../../contract/level-rig.js';
import { createStore } from '../../../contract/store-to-repair.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { openFiles } from '../../../support/open-files.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { waitUntil } from '../../../support/wait-until.js';

interface Watched {
  readonly path: string;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly damage: StoreDamage;
  readonly watch: TableWatch;
  readonly changes: readonly boolean[];
  readonly isChecked: () => boolean;
}

const quick = { firstMs: 1, pauseMs: 1, bytesPerSecond: Infinity, rest: 0 };

async function watchStore(t: TestContext, pace: Partial<CheckPace>): Promise<Watched> {
  const path = await createStore(t);
  const clock = createManualClock();
  const logger = new RecordingLogger();
  const changes: boolean[] = [];
  const damage = new StoreDamage(clock, () => changes.push(damage.since !== undefined));
  const watch = new TableWatch({ path, logger, damage, pace });
  t.after(() => watch.stop());
  const isChecked = (): boolean =>
    logger.entries.some(({ message }) => message === 'the files of the store are checked');
  return { path, clock, logger, damage, watch, changes, isChecked };
}

describe('the watch over the files of a store', () => {
  test('finds a sound one sound, and says so to who listens closely', async (t) => {
    const { watch, logger, damage, isChecked, clock, changes } = await watchStore(t, quick);
    assert.equal(damage.checkedAt, undefined);
    watch.start();
    await waitUntil(isChecked, 'checked');
    watch.stop();
    assert.equal(damage.checkedAt, clock.now());
    assert.deepEqual([damage.blocks, damage.since, changes], [0, undefined, []]);
    const [{ level, fields } = assert.fail()] = logger.entries;
    assert.deepEqual([level, fields['tables'], fields['damaged']], ['debug', 1, 0]);
    logger.assertQuiet();
  });

  test('says what is damaged until it is so no more', async (t) => {
    const { path, watch, logger, damage, clock, changes } = await watchStore(t, quick);
    const names = readdirSync(path).filter((name) => name.endsWith('.ldb'));
    const table = join(path, names[0] ?? assert.fail());
    const sound = readFileSync(table);
    garbleLargestTable(path);
    watch.start();
    await waitUntil(() => damage.checkedAt !== undefined, 'checked');
    assert.equal(damage.since, new Date(clock.now()).toISOString());
    assert.ok(damage.blocks > 1);
    const { level, fields } = logger.take('a file of the store is damaged');
    const { code, file, offset, blocks, error } = fields;
    assert.deepEqual([level, code, file], ['error', 'STORE_DAMAGED', names[0]]);
    assert.deepEqual([offset, blocks], [0, damage.blocks]);
    assert.match(String(error), /blocks are not as written.*greymilter repair/);
    writeFileSync(table, sound);
    await waitUntil(() => damage.since === undefined, 'sound again');
    assert.deepEqual([damage.blocks, changes], [0, [true, false]]);
    assert.ok(
      logger.entries.some(({ message }) => message === 'no file of the store is damaged any more'),
    );
    watch.stop();
    // Each check before that has said it again.
    logger.takeAll('a file of the store is damaged');
    logger.assertQuiet();
  });

  test('says that it cannot look, and looks again', async (t) => {
    const { path, watch, logger, damage } = await watchStore(t, quick);
    rmSync(path, { recursive: true });
    watch.start();
    const said = 'the files of the store cannot be checked';
    let times = 0;
    await waitUntil(() => {
      times += logger.takeAll(said).length;
      return times >= 2;
    }, 'looked twice');
    watch.stop();
    assert.equal(damage.checkedAt, undefined);
    logger.takeAll(said);
    logger.assertQuiet();
  });

  test('rests between its steps, and ends there when it is stopped', async (t) => {
    const { watch, logger, damage, path } = await watchStore(t, { ...quick, bytesPerSecond: 1 });
    const isOpen = (): boolean => openFiles().some((file) => file.startsWith(`${path}/`));
    watch.start();
    await waitUntil(isOpen, 'the check has begun');
    watch.stop();
    await waitUntil(() => !isOpen(), 'the check has ended');
    assert.deepEqual([damage.checkedAt, logger.entries], [undefined, []]);
  });
});
