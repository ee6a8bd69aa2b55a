import { PendingTriplets } from '../../src/daemon/stores/pending-triplets.js';
import { SharedPopulation } from '../../src/daemon/stores/shared-population.js';
import { silentLogger } from '../../src/daemon/process/silent-logger.js';
import { openRedisStore } from '../../src/store/redis-store.js';

/*
 * A filter that begins to count what the server at a port of 127.0.0.1 holds, and never ends: it has shown
 * one record, and rests. Its clock is as far ahead as the second argument says, in milliseconds.
 */
const [port, aheadMs] = process.argv.slice(2).map(Number);
if (port === undefined || aheadMs === undefined) throw new TypeError('a port, and milliseconds');

const clock = { now: () => Date.now() + aheadMs };
const store = await openRedisStore({
  layout: { kind: 'server', endpoint: { host: '127.0.0.1', port } },
  where: 'the server of the test',
  prefix: 'gm.',
  clock,
  settings: {
    credentials: () => Promise.resolve({ user: undefined, password: undefined }),
    tls: undefined,
    database: 0,
    connectTimeoutMs: 20_000,
    timeoutMs: 20_000,
  },
});
const caps = { all: 1, perNetwork: 1 };
const pending = new PendingTriplets({ clock, logger: silentLogger, caps });
const pace = { records: 1, restMs: 2 ** 30 };
new SharedPopulation({ store, clock, logger: silentLogger, pending, pace }).start();
