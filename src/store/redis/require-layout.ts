import type { RedisLink } from './redis-link.js';
import { isReply } from './redis-errors.js';
import { RefusalError } from './refusal.js';

/** What a server says it is, if it is not the one that has everything, and what to write then. */
const others: ReadonlyMap<string | undefined, readonly [what: string, advice: string]> = new Map([
  ['cluster', ['part of a Cluster', 'write redis+cluster:// in store.url']],
  ['sentinel', ['a Sentinel', 'write redis+sentinel:// and the name of the primary in store.url']],
]);

/**
 * Refuses a node of a Cluster, and a Sentinel, where the one server is due that has everything. The node would
 * do for a while: its part of the keys would be listed, and exported, as if there were no others.
 */
export async function requireLayout(link: Pick<RedisLink, 'send'>): Promise<void> {
  let text: string;
  try {
    text = String(await link.send(['INFO', 'server']));
  } catch (error) {
    // Who is not allowed to ask hears of it where it is needed.
    if (isReply(error, 'NOPERM')) return;
    throw error;
  }
  const other = others.get(/^redis_mode:(\w+)/m.exec(text)?.[1]);
  if (other === undefined) return;
  const [what, instead] = other;
  // In one, for it is a sentence of what is wrong and what to do.
  throw new RefusalError(`the server is ${what}: ${instead}`, {
    code: 'STORE_SETTINGS',
    advice: '',
  });
}
