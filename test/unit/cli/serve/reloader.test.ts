import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfiguration, Reloader } from '../../../../src/cli/serve/reloader.js';
import { parseConfig, type ConfigReading } from '../../../../src/config/load.js';
import { startTestDaemon } from '../../../support/daemon-harness.js';

const silent = { reloading: () => undefined, ready: () => undefined, changed: () => undefined };

test('what is being read when the process is to end is not read to its end', async (t) => {
  const { daemon, logger } = await startTestDaemon(t);
  let turns = 0;
  const load = async (reading: ConfigReading = {}) => {
    if (reading.turns === undefined) return parseConfig({});
    for (; turns < 10; turns++) {
      if (turns === 3) reloader.stop();
      await reading.turns.next();
    }
    return parseConfig({});
  };
  const first = await readConfiguration({ load });
  const voices = { logger, notifier: silent };
  const reloader = new Reloader({ load }, first, Promise.resolve(daemon), voices);
  const { ok, code } = await reloader.reload();
  assert.deepEqual({ ok, code, turns }, { ok: false, code: 'RELOAD_STOPPING', turns: 3 });
  logger.take('reload failed, everything stays as it was');
});
