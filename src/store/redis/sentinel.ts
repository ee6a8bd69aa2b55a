import { RedisLink, type RedisEndpoint, type RedisLinkSettings } from './redis-link.js';
import { reasonOf } from './redis-errors.js';

/** Whom to ask for the primary, and what it is called there. */
export interface SentinelOptions {
  readonly sentinels: readonly RedisEndpoint[];
  readonly name: string;
  /** How the Sentinels are spoken to, which may be in another way than the servers. */
  readonly settings: RedisLinkSettings;
}

/**
 * Where the primary is, by the first Sentinel that answers; who has answered is asked first the next
 * time.
 */
export function createSentinelLocator({
  sentinels,
  name,
  settings,
}: SentinelOptions): () => Promise<RedisEndpoint> {
  let inOrder = [...sentinels];
  return async () => {
    const reasons: string[] = [];
    for (const sentinel of inOrder) {
      try {
        const primary = await askSentinel(sentinel, name, settings);
        inOrder = [sentinel, ...inOrder.filter((other) => other !== sentinel)];
        return primary;
      } catch (error) {
        reasons.push(`${sentinel.host}:${sentinel.port}: ${reasonOf(error)}`);
      }
    }
    throw new Error(`no Sentinel tells where the primary is (${reasons.join('; ')})`);
  };
}

async function askSentinel(
  sentinel: RedisEndpoint,
  name: string,
  settings: RedisLinkSettings,
): Promise<RedisEndpoint> {
  const link = await RedisLink.open(sentinel, settings, () => undefined);
  try {
    const reply = await link.send(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
    const [host, port] = Array.isArray(reply) ? reply.map(String) : [];
    if (host === undefined || port === undefined) throw new Error(`it knows of no "${name}"`);
    return { host, port: Number(port) };
  } finally {
    link.drop(new Error('it has been asked'));
  }
}
