import type { RedisReply } from './redis-link.js';
import type { RedisShard, RedisTopology } from './redis-topology.js';
import { formatPlace, hashesOf, RUN_CHARACTERS, shortHash, type ScanPlace } from './scan-place.js';

/** One key on the way, with the position behind it. */
export interface ScannedKey {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly position: string;
}

/** What is scanned. */
export interface ScanOptions {
  readonly topology: RedisTopology;
  readonly prefix: string;
  readonly after: ScanPlace | undefined;
}

/** Keys of a page, or about so many: a position tells which of them have been yielded. */
const PAGE_KEYS = 32;

const BEGIN = '0';

/**
 * Goes over all keys of all servers, page by page; what is there all the time is yielded. Something
 * may come twice where a server makes its table smaller meanwhile, or another one takes its place,
 * for then its keys are begun again.
 */
export async function* scanKeys({
  topology,
  prefix,
  after,
}: ScanOptions): AsyncGenerator<ScannedKey, void, undefined> {
  for (const shard of topology.shards()) {
    if (after !== undefined && shard.firstSlot < after.firstSlot) continue;
    const run = await runOf(shard);
    const isThere = after?.firstSlot === shard.firstSlot && after.run === run;
    let cursor = isThere ? after.cursor : BEGIN;
    let seen = isThere ? hashesOf(after) : new Set<string>();
    do {
      const { next, keys } = await pageAt(shard, cursor, prefix);
      const values = await Promise.all(keys.map((key) => topology.send(key, ['GET', key])));
      let yielded = isThere && cursor === after.cursor ? after.yielded : '';
      for (const [index, key] of keys.entries()) {
        const value = values[index];
        const hash = shortHash(key);
        if (!Buffer.isBuffer(value) || seen.has(hash)) continue;
        yielded += hash;
        const position = formatPlace({ firstSlot: shard.firstSlot, run, cursor, yielded });
        yield { key, value, position };
      }
      seen = new Set();
      cursor = next;
    } while (cursor !== BEGIN);
  }
}

async function pageAt(
  { node }: RedisShard,
  cursor: string,
  prefix: string,
): Promise<{ readonly next: string; readonly keys: readonly Buffer[] }> {
  const match = prefix === '' ? [] : ['MATCH', `${prefix}*`];
  const reply = await node.send(['SCAN', cursor, ...match, 'COUNT', String(PAGE_KEYS)]);
  const [next, keys] = listOf(reply);
  return { next: String(next), keys: listOf(keys).filter((key) => Buffer.isBuffer(key)) };
}

async function runOf({ node }: RedisShard): Promise<string> {
  const text = String(await node.send(['INFO', 'server']));
  const run = /^run_id:([0-9a-f]{40})/m.exec(text)?.[1];
  if (run === undefined) throw new Error('the server does not say its run_id');
  return run.slice(0, RUN_CHARACTERS);
}

function listOf(reply: RedisReply): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}
