import type { Config } from '../../config/schema.js';
import { formatStoreUrl, type RedisUrl } from '../../config/store-url.js';
import { openRedisStore, type RedisStoreOptions } from '../../store/redis-store.js';
import type { RedisLayout } from '../../store/redis/open-topology.js';
import type { RedisLinkSettings } from '../../store/redis/redis-link.js';
import { readSecret } from '../../store/redis/secret-file.js';
import type { GreylistStore } from '../../store/store.js';
import { readTlsFiles } from './read-tls-files.js';

type RedisSettings = Config['store']['redis'];

/** What a store is opened with beside its settings. */
export type SharedStoreDependencies = Pick<
  RedisStoreOptions,
  'clock' | 'logger' | 'onServerTime' | 'clockCheckMs' | 'mayBeAway'
>;

/**
 * Opens the store that a URL of Redis names.
 *
 * @throws StoreError
 */
export async function openSharedStore(
  url: RedisUrl,
  redis: RedisSettings,
  dependencies: SharedStoreDependencies,
): Promise<GreylistStore> {
  const settings = linkSettings(url, redis, redis);
  const layout = layoutOf(url, redis);
  const { prefix } = redis;
  return await openRedisStore({
    layout,
    settings,
    prefix,
    where: formatStoreUrl(url),
    ...dependencies,
  });
}

function layoutOf(url: RedisUrl, redis: RedisSettings): RedisLayout {
  const { layout, hosts, name } = url;
  switch (layout) {
    case 'server': {
      const [endpoint] = hosts;
      if (endpoint === undefined) throw new RangeError('a URL of the store has a host');
      return { kind: 'server', endpoint };
    }
    case 'sentinel': {
      const settings = { ...linkSettings(url, redis, redis.sentinel), database: 0 };
      return { kind: 'sentinel', sentinels: hosts, name, settings };
    }
    case 'cluster':
      return { kind: 'cluster', seeds: hosts };
  }
}

function linkSettings(
  { isTls, database }: RedisUrl,
  redis: RedisSettings,
  who: Pick<RedisSettings, 'user' | 'password-file'>,
): RedisLinkSettings {
  const file = who['password-file'];
  return {
    credentials: async () => ({
      user: who.user ?? undefined,
      password: file === null ? undefined : await readSecret(file),
    }),
    tls: isTls ? () => readTlsFiles(redis.tls) : undefined,
    database,
    connectTimeoutMs: redis['connect-timeout'],
    timeoutMs: redis.timeout,
  };
}
