import { createHash } from 'node:crypto';
import type { Logger } from '../telemetry/logger.js';
import { isReply } from './redis/redis-errors.js';
import type { RedisCommand, RedisReply } from './redis/redis-link.js';
import { scanKeys } from './redis/redis-scan.js';
import type { RedisTopology, TopologyEvents } from './redis/redis-topology.js';
import { COMPARE_AND_SET, decodeValue, encodeValue } from './redis/redis-value.js';
import { parsePlace } from './redis/scan-place.js';
import { openTopology, type RedisPlace } from './redis/open-topology.js';
import { toldOf } from './redis/refusal.js';
import { parseServerTime, type ServerTime } from './redis/server-time.js';
import { ServerWatch } from './redis/server-watch.js';
import { awayError, closedError, foreignValueError, toStoreError } from './redis/to-store-error.js';
import type { GreylistStore, NewEntry, ScannedEntry, StoreEntry, StoreStats } from './store.js';
import { wholeSecond } from './whole-second.js';

/** How to open a store on Redis or Valkey. */
export interface RedisStoreOptions extends RedisPlace {
  /** Put before every key, so that others can use the same server: letters, digits and `:._-`. */
  readonly prefix: string;
  /** `now` decides what has expired; all daemons of a store should go by the same. */
  readonly clock: { now(): number };
  /** Hears of servers that are lost, once, and of their return. */
  readonly logger?: Pick<Logger, 'warn' | 'info'> | undefined;
  /** Hears what time it is at the server, when it is connected to and every now and then. */
  readonly onServerTime?: ((time: ServerTime) => void) | undefined;
  /** How often after that; longer where a test moves the clock itself. */
  readonly clockCheckMs?: number | undefined;
  /** Opens the store also if no server can be reached: it will be there when they are. */
  readonly mayBeAway?: boolean | undefined;
}

/** Clocks drift by seconds a day at worst. */
const CLOCK_CHECK_MS = 30_000;

const SCRIPT_SHA = createHash('sha1').update(COMPARE_AND_SET).digest('hex');

/**
 * Opens a store that several daemons share, on one server, on those that Sentinels watch, or on a
 * Cluster of Redis or Valkey.
 *
 * @throws StoreError STORE_PERMISSION if we are refused, STORE_SETTINGS if the servers are not what the
 *   settings say; STORE_UNAVAILABLE unless it may be away
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<GreylistStore> {
  const { layout, where, mayBeAway = false, logger } = options;
  const servers = { lost: 0, back: 0 };
  const events: TopologyEvents = {
    onDown: (server, error) => {
      servers.lost++;
      logger?.warn('a server of the store is lost', { server, error: toldOf(error) });
    },
    onRefused: (server, error) => {
      logger?.warn('a server of the store stays lost until this is mended', {
        server,
        error: toldOf(error),
      });
    },
    onUp: (server) => {
      servers.back++;
      logger?.info('a server of the store is back', { server });
      void store.checkClock();
      if (logger !== undefined) void watch.look();
    },
  };
  const topology = openTopology(options, events);
  const isNamedByHand = layout.kind === 'server';
  const watch = new ServerWatch({ topology, where, isNamedByHand, logger });
  const store = new RedisStore(options, { topology, servers, watch });
  try {
    await topology.ready();
  } catch (error) {
    const failure = toStoreError(error, where);
    if (!mayBeAway || failure.code !== 'STORE_UNAVAILABLE') {
      await store.close();
      throw failure;
    }
  }
  await Promise.all([store.checkClock(), ...(logger === undefined ? [] : [watch.look()])]);
  return store;
}

interface RedisStoreParts {
  readonly topology: RedisTopology;
  readonly servers: Required<StoreStats>['servers'];
  readonly watch: ServerWatch;
}

class RedisStore implements GreylistStore {
  readonly #topology: RedisTopology;
  readonly #servers: Required<StoreStats>['servers'];
  readonly #watch: ServerWatch;
  readonly #where: string;
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #onServerTime: ((time: ServerTime) => void) | undefined;
  readonly #clockTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #pending = 0;
  #onIdle: (() => void) | undefined;
  #commits = 0;
  #failedCommits = 0;
  #failedInARow = 0;

  constructor(
    { where, prefix, clock, onServerTime, clockCheckMs = CLOCK_CHECK_MS }: RedisStoreOptions,
    { topology, servers, watch }: RedisStoreParts,
  ) {
    this.#topology = topology;
    this.#servers = servers;
    this.#watch = watch;
    this.#where = where;
    this.#prefix = prefix;
    this.#now = () => clock.now();
    this.#onServerTime = onServerTime;
    if (onServerTime === undefined) return;
    this.#clockTimer = setInterval(() => void this.checkClock(), clockCheckMs).unref();
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    this.#assertOpen();
    const name = this.#nameOf(key);
    try {
      return this.#living(await this.#topology.send(name, ['GET', name]));
    } catch (error) {
      throw toStoreError(error, this.#where);
    }
  }

  async compareAndSet(
    key: string,
    expected: StoreEntry | undefined,
    next: NewEntry,
  ): Promise<boolean> {
    this.#assertOpen();
    const now = this.#now();
    const expiresAt = wholeSecond(next.expiresAt);
    const name = this.#nameOf(key);
    const rest = [
      ...['1', name, expected === undefined ? '' : encodeValue(expected)],
      encodeValue({ value: next.value, expiresAt }),
      // What is over already must go all the same, and the server knows of no time that is over.
      String(Math.max(1, Math.ceil(expiresAt - now))),
      String(now / 1000),
    ];
    return await this.#commit(async () => (await this.#runScript(name, rest)) === 1);
  }

  async delete(key: string): Promise<void> {
    this.#assertOpen();
    const name = this.#nameOf(key);
    await this.#commit(() => this.#topology.send(name, ['DEL', name]));
  }

  async *scan(after?: string): AsyncGenerator<ScannedEntry, void, undefined> {
    const place = after === undefined ? undefined : parsePlace(after);
    this.#assertOpen();
    const { length } = Buffer.from(this.#prefix);
    try {
      const keys = scanKeys({ topology: this.#topology, prefix: this.#prefix, after: place });
      for await (const { key, value, position } of keys) {
        this.#assertOpen();
        const entry = this.#living(value);
        if (entry !== undefined) yield [key.toString('utf8', length), entry, position];
        this.#assertOpen();
      }
    } catch (error) {
      this.#assertOpen();
      throw toStoreError(error, this.#where);
    }
  }

  async stats(): Promise<StoreStats> {
    this.#assertOpen();
    // Servers may have been set otherwise since they were connected to.
    const { bytes, doubts } = await this.#watch.look();
    return {
      bytes,
      pendingWrites: this.#pending,
      commits: this.#commits,
      failedCommits: this.#failedCommits,
      failedInARow: this.#failedInARow,
      servers: { ...this.#servers },
      ...(doubts.length === 0 ? {} : { warnings: doubts }),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Asks what time it is at the first of the servers, which is the same for all daemons. */
  async checkClock(): Promise<void> {
    if (this.#onServerTime === undefined) return;
    try {
      const [shard] = this.#topology.shards();
      if (shard?.node.isUp !== true) return;
      const askedAt = performance.now();
      const serverNow = parseServerTime(await shard.node.send(['TIME']));
      const errorMs = (performance.now() - askedAt) / 2;
      if (serverNow === undefined) return;
      this.#onServerTime({ serverNow, localNow: this.#now() - errorMs, errorMs });
    } catch {
      // Decisions meet the same failure, and tell of it; the clock goes on as it went.
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#clockTimer);
    if (this.#pending > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#topology.close();
  }

  async #commit<T>(write: () => Promise<T>): Promise<T> {
    this.#pending++;
    try {
      const result = await write();
      this.#failedInARow = 0;
      if (result !== false) this.#commits++;
      return result;
    } catch (error) {
      this.#failedCommits++;
      this.#failedInARow++;
      throw toStoreError(error, this.#where);
    } finally {
      if (--this.#pending === 0) this.#onIdle?.();
    }
  }

  /** The server forgets scripts when it starts, and is told them again by the first who needs one. */
  async #runScript(name: string, rest: RedisCommand): Promise<RedisReply> {
    try {
      return await this.#topology.send(name, ['EVALSHA', SCRIPT_SHA, ...rest]);
    } catch (error) {
      if (!isReply(error, 'NOSCRIPT')) throw error;
      return await this.#topology.send(name, ['EVAL', COMPARE_AND_SET, ...rest]);
    }
  }

  #living(value: RedisReply): StoreEntry | undefined {
    if (value === null) return undefined;
    if (!Buffer.isBuffer(value))
      throw awayError(this.#where, new Error('no text where one is due'));
    const entry = decodeValue(value);
    if ('format' in entry) throw foreignValueError(this.#where, entry.format);
    return entry.expiresAt > this.#now() ? entry : undefined;
  }

  /** Text, which the client writes with the rest of a command at once; a Buffer would be three pieces. */
  #nameOf(key: string): string {
    return this.#prefix + key;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.#where);
  }
}
