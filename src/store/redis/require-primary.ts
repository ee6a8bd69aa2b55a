import type { RedisLink } from './redis-link.js';

/**
 * Refuses a server that is not a primary. By INFO and not by ROLE, which would be one more command that
 * we have to be allowed.
 */
export async function requirePrimary(link: Pick<RedisLink, 'send'>): Promise<void> {
  const text = String(await link.send(['INFO', 'replication']));
  const role = /^role:(\w+)/m.exec(text)?.[1] ?? '';
  if (role !== 'master') throw new Error(`the server is no primary, but "${role}"`);
}
