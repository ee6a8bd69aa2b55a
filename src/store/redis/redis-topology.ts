import type { RedisCommand, RedisKey, RedisReply } from './redis-link.js';
import type { RedisNode } from './redis-node.js';

/** A server that may be written to, with the keys that it has. */
export interface RedisShard {
  /** The lowest of its slots, by which shards are told from each other; 0 where there is but one. */
  readonly firstSlot: number;
  readonly node: Pick<RedisNode, 'send' | 'isUp'>;
}

/** Which server has which keys: one for all, or one of many. */
export interface RedisTopology {
  /** Connects; rejects if that does not work, and goes on trying. */
  ready(): Promise<void>;
  /** Asks, or tells, the server that has the key. Rejects at once while it is not connected. */
  send(key: RedisKey, command: RedisCommand): Promise<RedisReply>;
  /** All servers that may be written to, by their slots; throws while none is known, rather than tell of nothing. */
  shards(): readonly RedisShard[];
  /** Ends it; what waits for an answer fails. */
  close(): void;
}

/** Hears of servers that are lost, and come back. */
export interface TopologyEvents {
  /** @param where which server */
  onDown(where: string, error: Error): void;
  onUp(where: string): void;
  /** A server that is lost will not come back before somebody mends what the error says. */
  onRefused(where: string, error: Error): void;
}
