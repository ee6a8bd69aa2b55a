import type { RedisEndpoint } from './redis-link.js';
import { SLOTS } from './key-slot.js';

/** A range of slots, and the server that has them. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly primary: RedisEndpoint;
  readonly replicas: readonly RedisEndpoint[];
}

/** What a node says of its Cluster. */
export interface ClusterMap {
  readonly ranges: readonly SlotRange[];
  /** The higher, the more it knows of. */
  readonly epoch: number;
  /** Whether it takes the Cluster for one that works. */
  readonly isOk: boolean;
}

export function formatEndpoint({ host, port }: RedisEndpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads the reply to CLUSTER SLOTS: for each range its first and last slot, then the primary and the
 * replicas, each with its host, port, id and more.
 *
 * @param asked who has answered; a node that does not know its own host leaves it out
 */
export function parseSlotRanges(reply: unknown, asked: RedisEndpoint): readonly SlotRange[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((range: unknown) => {
    if (!Array.isArray(range)) return [];
    const [first, last, ...nodes] = range.map((part: unknown) => part);
    const [primary, ...replicas] = nodes.flatMap((node) => parseNode(node, asked));
    const isRange = typeof first === 'number' && typeof last === 'number' && last < SLOTS;
    return primary === undefined || !isRange ? [] : [{ first, last, primary, replicas }];
  });
}

function parseNode(node: unknown, asked: RedisEndpoint): readonly RedisEndpoint[] {
  if (!Array.isArray(node)) return [];
  const [host, port] = node.map((part: unknown) => part);
  if (typeof port !== 'number') return [];
  const named = Buffer.isBuffer(host) || typeof host === 'string' ? String(host) : '';
  // A question mark stands for a host that is not known yet.
  return [{ host: named === '' || named === '?' ? asked.host : named, port }];
}

/** Reads the reply to CLUSTER INFO. */
export function parseClusterInfo(reply: unknown): Pick<ClusterMap, 'epoch' | 'isOk'> {
  const text = String(reply);
  const epoch = Number(/^cluster_current_epoch:(\d+)/m.exec(text)?.[1] ?? 0);
  return { epoch, isOk: /^cluster_state:ok/m.test(text) };
}

/**
 * Of what several nodes say what is to be believed: one that is cut off from the others finds that the
 * Cluster does not work, or has not heard of the last change.
 */
export function bestMap(maps: readonly ClusterMap[]): ClusterMap | undefined {
  const inOrder = [...maps].sort(
    (one, other) => Number(other.isOk) - Number(one.isOk) || other.epoch - one.epoch,
  );
  return inOrder.find(({ ranges }) => ranges.length > 0);
}

/** Reads `MOVED 3999 127.0.0.1:6381` or `ASK …`: who has the slot. */
export function parseRedirect(message: string, asked: RedisEndpoint): RedisEndpoint | undefined {
  const [, host = '', port] = /^(?:MOVED|ASK) \d+ (?:\[?([^\s\]]*)\]?):(\d+)$/.exec(message) ?? [];
  if (port === undefined) return undefined;
  return { host: host === '' ? asked.host : host, port: Number(port) };
}
