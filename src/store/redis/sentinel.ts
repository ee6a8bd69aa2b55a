import { explainSilence } from './other-way.js';
import { RedisLink, type RedisEndpoint, type RedisLinkSettings } from './redis-link.js';
import { reasonOf } from './redis-errors.js';
import { RefusalError, sharedRefusal, type Refusal } from './refusal.js';

/** Whom to ask for the primary, and what it is called there. */
export interface SentinelOptions {
  readonly sentinels: readonly RedisEndpoint[];
  readonly name: string;
  /** How the Sentinels are spoken to, which may be in another way than the servers. */
  readonly settings: RedisLinkSettings;
}

/** We are somebody else to Sentinels than to the servers. */
const WHO_WE_ARE: Refusal = {
  code: 'STORE_PERMISSION',
  advice:
    'See store.redis.sentinel.user and store.redis.sentinel.password-file, and the ACL of the Sentinels',
};

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
  let isFirst = true;
  return async () => {
    const errors: unknown[] = [];
    const reasons: string[] = [];
    for (const sentinel of inOrder) {
      try {
        const primary = await askSentinel(sentinel, name, settings);
        inOrder = [sentinel, ...inOrder.filter((other) => other !== sentinel)];
        return primary;
      } catch (error) {
        errors.push(isFirst ? await explainSilence(error, sentinel, settings) : error);
        reasons.push(`${sentinel.host}:${sentinel.port}: ${reasonOf(error)}`);
      }
    }
    isFirst = false;
    const message = `no Sentinel tells where the primary is (${reasons.join('; ')})`;
    const refusal = sharedRefusal(errors);
    if (refusal === undefined) throw new Error(message);
    throw new RefusalError(message, refusal.isOfUser === true ? WHO_WE_ARE : refusal);
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
    if (host === undefined || port === undefined) throw unknownName(name);
    return { host, port: Number(port) };
  } finally {
    link.drop(new Error('it has been asked'));
  }
}

function unknownName(name: string): RefusalError {
  const advice =
    'See the name of the primary in store.url, and `sentinel monitor` of the Sentinels';
  return new RefusalError(`it knows of no "${name}"`, { code: 'STORE_SETTINGS', advice });
}
