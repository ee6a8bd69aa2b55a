import type { RedisLink } from './redis-link.js';
import { isReply } from './redis-errors.js';

/** What a server says it is, if it is not the one that has everything. */
const others: ReadonlyMap<string | undefined, string> = new Map([
  ['cluster', 'part of a Cluster: write redis+cluster:// in store.url'],
  ['sentinel', 'a Sentinel: write redis+sentinel:// and the name of the primary in store.url'],
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
  if (other !== undefined) throw new Error(`the server is ${other}`);
}
