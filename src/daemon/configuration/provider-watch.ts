import type { Provider } from '../../lookups/provider-list.js';
import type { NetworkCollector, SpfNetwork, SpfNetworks } from '../../lookups/provider-networks.js';
import type { IpAddress } from '../../mail/ip-address.js';
import { createNetworkSet } from '../../rules/sets/network-set.js';
import type { EntrySet } from '../../rules/sets/entry-set.js';
import { finish } from '../../rules/steps.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';

/** A provider's network that a client is in. */
export interface ProviderMatch extends SpfNetwork {
  readonly provider: Provider;
}

/** Finds the large sender that a client belongs to. */
export interface ProviderFinder {
  /** Undefined if it belongs to none that is known by now. */
  find(client: IpAddress): ProviderMatch | undefined;
}

/** The same, and its own keeping up to date. */
export interface ProviderSource extends ProviderFinder {
  /** Begins, in the background, unless it has begun. */
  start(): void;
  /** Asks nobody any more; what is known stays known. */
  stop(): void;
  /** Asks for all that is due. Never rejects. */
  refresh(): Promise<void>;
}

/** Nobody is exempt. */
export const noProviders: ProviderSource = {
  find: () => undefined,
  start: () => undefined,
  stop: () => undefined,
  refresh: () => Promise.resolve(),
};

/** What a watch works with. */
export interface ProviderWatchOptions {
  readonly providers: readonly Provider[];
  readonly loadCollector: () => Promise<NetworkCollector>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/**
 * Node.js does not tell the TTL of TXT records, which are mostly of an hour. Who adds networks to a
 * large policy does so days before mail comes from them.
 */
const REFRESH_MS = 4 * HOUR_MS;
/** So long old answers are better than none. */
const KEEP_MS = 24 * HOUR_MS;

/** What is known of one provider. */
interface Knowledge {
  readonly networks: readonly SpfNetwork[];
  /** When the last answer without a gap came; undefined if there was none. */
  readonly completeAt: number | undefined;
  readonly triedAt: number;
  readonly failures: number;
}

const nothing: Knowledge = {
  networks: [],
  completeAt: undefined,
  triedAt: -Infinity,
  failures: 0,
};

/** Keeps the networks of the providers up to date, and knows who is in them. */
export class ProviderWatch implements ProviderSource {
  readonly #options: ProviderWatchOptions;
  readonly #known = new Map<Provider, Knowledge>();
  #collector: Promise<NetworkCollector> | undefined;
  #set: EntrySet<IpAddress, ProviderMatch> = finish(createNetworkSet([]));
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #failing = '';

  constructor(options: ProviderWatchOptions) {
    this.#options = options;
  }

  find(client: IpAddress): ProviderMatch | undefined {
    return this.#set.find(client)?.value;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.refresh(), MINUTE_MS).unref();
    void this.refresh();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const collector = this.#collector;
    this.#collector = undefined;
    // One that could not be made has been told of.
    void collector?.then(
      (made) => made.close(),
      () => undefined,
    );
  }

  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const { providers, clock, loadCollector, logger } = this.#options;
    const now = clock.now();
    const due = providers.filter((provider) => isDue(this.#knowledgeOf(provider), now));
    if (due.length === 0) return;
    const loading = (this.#collector ??= loadCollector());
    try {
      const collector = await loading;
      const answers = await Promise.all(due.map(({ domain }) => collector.collect(domain)));
      // Stopped meanwhile: what was given up is no failure.
      if (this.#collector !== loading) return;
      for (const [index, provider] of due.entries()) {
        const answer = answers[index] ?? { networks: [], problems: [] };
        this.#known.set(provider, learn(this.#knowledgeOf(provider), answer, now));
      }
      this.#rebuild();
      this.#tell(answers.flatMap(({ problems }) => problems));
    } catch (error) {
      // Nobody can be asked, now or later.
      this.stop();
      logger.warn('large senders cannot be looked up', describeError(error));
    }
  }

  #knowledgeOf(provider: Provider): Knowledge {
    return this.#known.get(provider) ?? nothing;
  }

  #rebuild(): void {
    const entries = [...this.#known].flatMap(([provider, { networks }]) =>
      networks.map(({ network, term }) => ({ value: { provider, network, term }, place: '' })),
    );
    this.#set = finish(createNetworkSet(entries));
  }

  // Said again only when it is another company: nobody reads the same line each hour.
  #tell(problems: readonly string[]): void {
    const failing = [...this.#known].filter(([, { failures }]) => failures > 0);
    const { logger, providers } = this.#options;
    const names =
      failing.length === providers.length ? 'all' : failing.map(([{ name }]) => name).join(', ');
    logger.debug('large senders looked up', { networks: this.#set.size, failing: names });
    if (names !== '' && names !== this.#failing) {
      const [problem] = problems;
      logger.warn('large senders cannot be looked up', { providers: names, problem });
    }
    this.#failing = names;
  }
}

/** Soon after a failure, and less and less often. */
function isDue({ triedAt, failures }: Knowledge, now: number): boolean {
  const pauseMs = failures === 0 ? REFRESH_MS : Math.min(REFRESH_MS, MINUTE_MS * 2 ** failures);
  // Or the clock was set back.
  return now >= triedAt + pauseMs || now < triedAt;
}

function learn(before: Knowledge, { networks, problems }: SpfNetworks, now: number): Knowledge {
  if (problems.length === 0) return { networks, completeAt: now, triedAt: now, failures: 0 };
  const { completeAt } = before;
  const failures = before.failures + 1;
  const isFresh = completeAt !== undefined && now - completeAt < KEEP_MS;
  return isFresh
    ? { networks: before.networks, completeAt, triedAt: now, failures }
    : { networks, completeAt: undefined, triedAt: now, failures };
}
