import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { loadConfig } from '../../dist/config/load.js';
import { systemClock } from '../../dist/daemon/process/clock.js';
import { createDaemonLogger } from '../../dist/daemon/process/create-daemon-logger.js';
import { startDaemon } from '../../dist/daemon/start-daemon.js';
import { loadStore } from '../../dist/daemon/stores/open-store.js';

/*
 * The daemon of most rounds of kill-rounds.ts: `kill-target.mjs SOCKET STORE DURABILITY JOURNAL`. It is what `serve` runs,
 * without the command line, and begins when it is sent a line, so that its modules are loaded while
 * its predecessor is still being killed. It says `ready` when it serves. It runs what was built:
 * to load the sources takes three times as long, and fifty of them take long enough.
 */
const [socket = '', store = '', durability = '', journal = ''] = process.argv.slice(2);
const { config } = await loadConfig({
  listen: [`unix:${socket}`],
  store: `level:${store}`,
  overrides: [
    ...['greylist.delay=1s', 'log.level=warn'],
    ...[`store.durability=${durability}`, `store.journal=${journal}`],
  ],
});
const logger = createDaemonLogger(config.log, systemClock, undefined);
await loadStore();
writeSync(1, 'loaded\n');
await once(process.stdin, 'data');
await startDaemon({ config, clock: systemClock, logger });
writeSync(1, 'ready\n');
