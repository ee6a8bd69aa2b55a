import {
  bestMap,
  formatEndpoint,
  parseClusterInfo,
  parseRedirect,
  parseSlotRanges,
  type ClusterMap,
} from './cluster-map.js';
import { keySlot, SLOTS } from './key-slot.js';
import {
  RedisLink,
  type RedisCommand,
  type RedisEndpoint,
  type RedisKey,
  type RedisLinkSettings,
  type RedisReply,
} from './redis-link.js';
import { explainSilence } from './other-way.js';
import { isReply } from './redis-errors.js';
import { errorOf, refusalOf, sharedRefusal } from './refusal.js';
import { RedisNode } from './redis-node.js';
import type { RedisShard, RedisTopology, TopologyEvents } from './redis-topology.js';

/** Where a Cluster is. */
export interface ClusterOptions {
  readonly settings: RedisLinkSettings;
  /** Some of its nodes; the others are learned from them. */
  readonly seeds: readonly RedisEndpoint[];
  readonly events: TopologyEvents;
}

/** While something is wrong the nodes are asked so often for what has become of it. */
const REFRESH_MS = 500;

/** A key moves once or twice while slots are moved by hand; more often is a mistake. */
const MAX_REDIRECTS = 4;

/** So many nodes are asked at a time: those of a large Cluster all say the same. */
const ASKED = 8;

interface Member {
  readonly endpoint: RedisEndpoint;
  readonly node: RedisNode;
}

/**
 * A Cluster, by the primaries of its slots. It is asked for anew what belongs where when a node says
 * that a key has moved, and while one of the primaries is away.
 */
export class Cluster implements RedisTopology {
  readonly #options: ClusterOptions;
  readonly #members = new Map<string, Member>();
  readonly #owners: (Member | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #shards: readonly RedisShard[] = [];
  #known: readonly RedisEndpoint[];
  /** Why nothing is known of it, as long as that is so. */
  #failure: Error = new Error('none of its nodes has been asked yet');
  #isUnknown = false;
  #isRefused = false;
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#known = options.seeds;
  }

  async ready(): Promise<void> {
    await this.#refresh();
    const nodes = [...this.#members.values()].map(({ node }) => node.ready());
    const errors = rejectionsOf(await Promise.allSettled(nodes));
    if (errors.length > 0)
      throw errors.find((error) => refusalOf(error) !== undefined) ?? errors[0];
  }

  send(key: RedisKey, command: RedisCommand): Promise<RedisReply> {
    const owner = this.#owners[keySlot(typeof key === 'string' ? Buffer.from(key) : key)];
    if (owner === undefined) {
      this.#refreshSoon();
      const isKnown = this.#shards.length > 0;
      return Promise.reject(
        isKnown ? new Error('no node of the Cluster has the slot of a key') : this.#failure,
      );
    }
    return owner.node
      .send(command)
      .catch((error: unknown) => this.#redirected(error, { owner, command, redirects: 0 }));
  }

  shards(): readonly RedisShard[] {
    if (this.#shards.length === 0) throw this.#failure;
    return this.#shards;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { node } of this.#members.values()) node.close();
  }

  async #redirected(
    error: unknown,
    { owner, command, redirects }: { owner: Member; command: RedisCommand; redirects: number },
  ): Promise<RedisReply> {
    const isMoved = isReply(error, 'MOVED');
    if (isReply(error, 'CLUSTERDOWN', 'READONLY')) this.#refreshSoon();
    if (!isMoved && !isReply(error, 'ASK')) throw error;
    if (isMoved) this.#refreshSoon();
    const endpoint = parseRedirect(error.message, owner.endpoint);
    if (endpoint === undefined || redirects >= MAX_REDIRECTS || this.#isClosed) throw error;
    const next = this.#member(endpoint);
    await next.node.ready();
    // Both in one turn, for ASKING is said of the very next command.
    const asking = isMoved ? undefined : next.node.send(['ASKING']);
    const [reply] = await Promise.all([
      next.node
        .send(command)
        .catch((again: unknown) =>
          this.#redirected(again, { owner: next, command, redirects: redirects + 1 }),
        ),
      asking,
    ]);
    return reply;
  }

  #refreshSoon(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const isWhole = (): boolean =>
        this.#shards.length > 0 && this.#shards.every(({ node }) => node.isUp);
      this.#refresh().then(
        () => isWhole() || this.#refreshSoon(),
        () => this.#refreshSoon(),
      );
    }, REFRESH_MS).unref();
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#learn()
      .then(
        () => this.#tellFound(),
        (error: unknown) => this.#tellUnknown(error),
      )
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Once known, it is its primaries that are lost and come back, each by itself. */
  #tellUnknown(error: unknown): never {
    if (!this.#isClosed && this.#shards.length === 0) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      const wasRefused = this.#isRefused;
      this.#isRefused ||= refusalOf(error) !== undefined;
      const { events } = this.#options;
      if (!this.#isUnknown) events.onDown(this.#seeds(), this.#failure);
      else if (this.#isRefused && !wasRefused) events.onRefused(this.#seeds(), this.#failure);
      this.#isUnknown = true;
      this.#refreshSoon();
    }
    throw error;
  }

  #tellFound(): void {
    if (!this.#isUnknown) return;
    this.#isUnknown = false;
    this.#isRefused = false;
    // Whoever hears of it has something to ask at once.
    const nodes = [...this.#members.values()].map(({ node }) => node.ready());
    void Promise.allSettled(nodes).then(() => {
      if (!this.#isClosed) this.#options.events.onUp(this.#seeds());
    });
  }

  #seeds(): string {
    return this.#options.seeds.map(formatEndpoint).join(',');
  }

  async #learn(): Promise<void> {
    const asked = shuffled(this.#known).slice(0, ASKED);
    const answers = await Promise.allSettled(asked.map((endpoint) => this.#ask(endpoint)));
    if (this.#isClosed) throw new Error('it has been closed');
    const maps = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const best = bestMap(maps);
    if (best === undefined) {
      // The seeds may be names of hosts whose addresses have changed.
      this.#known = this.#options.seeds;
      throw whyUnknown(rejectionsOf(answers), maps.length > 0);
    }
    this.#take(best);
  }

  async #ask(endpoint: RedisEndpoint): Promise<ClusterMap> {
    try {
      return await this.#askOver(endpoint);
    } catch (error) {
      const isFirst = this.#shards.length === 0 && !this.#isUnknown;
      const { settings } = this.#options;
      const told = isFirst ? await explainSilence(error, endpoint, settings) : error;
      throw errorOf(formatEndpoint(endpoint), told);
    }
  }

  /** By a connection of its own, unless there is one: a replica is not spoken to otherwise. */
  async #askOver(endpoint: RedisEndpoint): Promise<ClusterMap> {
    const member = this.#members.get(formatEndpoint(endpoint));
    const known = member?.node.isUp === true ? member.node : undefined;
    const link = known ?? (await RedisLink.open(endpoint, this.#options.settings, () => undefined));
    try {
      const [slots, info] = await Promise.all([
        link.send(['CLUSTER', 'SLOTS']),
        link.send(['CLUSTER', 'INFO']),
      ]);
      return { ranges: parseSlotRanges(slots, endpoint), ...parseClusterInfo(info) };
    } finally {
      if (link instanceof RedisLink) link.drop(new Error('it has been asked'));
    }
  }

  #take({ ranges }: ClusterMap): void {
    const firstSlots = new Map<Member, number>();
    this.#owners.fill(undefined);
    for (const { first, last, primary } of ranges) {
      const member = this.#member(primary);
      this.#owners.fill(member, first, last + 1);
      firstSlots.set(member, Math.min(first, firstSlots.get(member) ?? first));
    }
    for (const [address, member] of this.#members) {
      if (firstSlots.has(member)) continue;
      this.#members.delete(address);
      member.node.close();
    }
    this.#shards = [...firstSlots]
      .map(([{ node }, firstSlot]) => ({ node, firstSlot }))
      .sort((one, other) => one.firstSlot - other.firstSlot);
    const all = ranges.flatMap(({ primary, replicas }) => [primary, ...replicas]);
    this.#known = [...new Map(all.map((one) => [formatEndpoint(one), one])).values()];
  }

  #member(endpoint: RedisEndpoint): Member {
    const address = formatEndpoint(endpoint);
    const found = this.#members.get(address);
    if (found !== undefined) return found;
    const { settings, events } = this.#options;
    const node = new RedisNode({
      settings,
      locate: () => Promise.resolve(endpoint),
      onDown: (error) => {
        events.onDown(address, error);
        this.#refreshSoon();
      },
      onUp: () => events.onUp(address),
      onRefused: (error) => events.onRefused(address, error),
    });
    const member = { endpoint, node };
    this.#members.set(address, member);
    // It tells of a failure itself, and goes on trying.
    node.ready().catch(() => undefined);
    return member;
  }
}

function rejectionsOf(results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
}

/** Why nobody says where the slots are: nothing but refusals ends a start. */
function whyUnknown(errors: readonly unknown[], hasAnswer: boolean): unknown {
  const isRefused = !hasAnswer && sharedRefusal(errors) !== undefined;
  const told = errors.find((error) => (refusalOf(error) !== undefined) === isRefused);
  return told ?? new Error('no node of the Cluster says where the slots are');
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}
