import type { Logger } from '../../telemetry/logger.js';
import type { RedisTopology } from './redis-topology.js';

/**
 * How a server makes room when its memory is full, if it throws away for that what it has confirmed.
 *
 * @param info the reply to INFO memory
 */
export function parseEviction(info: string): string | undefined {
  const policy = /^maxmemory_policy:([\w-]+)/m.exec(info)?.[1];
  const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
  return limit === 0 || policy === 'noeviction' ? undefined : policy;
}

/** Says, once in the life of the process, that records may be lost by the settings of a server. */
export class EvictionWatch {
  readonly #topology: RedisTopology;
  readonly #where: string;
  readonly #logger: Pick<Logger, 'warn'>;
  #isTold = false;

  constructor(topology: RedisTopology, where: string, logger: Pick<Logger, 'warn'>) {
    this.#topology = topology;
    this.#where = where;
    this.#logger = logger;
  }

  /** Asks all servers that can be asked; never rejects. */
  async look(): Promise<void> {
    try {
      const nodes = this.#topology.shards().map(({ node }) => node);
      const replies = nodes.filter(({ isUp }) => isUp).map((node) => node.send(['INFO', 'memory']));
      for (const reply of await Promise.all(replies)) this.#tell(parseEviction(String(reply)));
    } catch {
      // They are away, or do not let us: decisions meet the same failure, and the next look is not far.
    }
  }

  #tell(policy: string | undefined): void {
    if (policy === undefined || this.#isTold) return;
    this.#isTold = true;
    const what = 'a server of the store throws records away when its memory is full';
    this.#logger.warn(what, { store: this.#where, 'maxmemory-policy': policy });
  }
}
