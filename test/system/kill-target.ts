import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { loadConfig } from '../../src/config/load.js';
import { systemClock } from '../../src/daemon/clock.js';
import { createDaemonLogger } from '../../src/daemon/create-daemon-logger.js';
import { startDaemon } from '../../src/daemon/daemon.js';
import { loadStore } from '../../src/daemon/open-store.js';

/*
 * The daemon of most rounds of kill.test.ts: `kill-target.ts SOCKET STORE`. It is what `serve` runs,
 * without the command line, and begins when it is sent a line, so that its modules are loaded while
 * its predecessor is still being killed. It says `ready` when it serves.
 */
const [socket = '', store = ''] = process.argv.slice(2);
const { config } = await loadConfig({
  listen: [`unix:${socket}`],
  store: `level:${store}`,
  overrides: ['greylist.delay=1s', 'log.level=warn'],
});
const logger = createDaemonLogger(config.log, systemClock, undefined);
await loadStore();
writeSync(1, 'loaded\n');
await once(process.stdin, 'data');
await startDaemon({ config, clock: systemClock, logger });
writeSync(1, 'ready\n');
