import { Resolver } from 'node:dns/promises';
import type { MxRecord, RecordWithTtl } from 'node:dns';
import type { Answer, MaybePromise } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import { createDnsCounters, type DnsCounters } from './lookup-counters.js';
import { LookupError } from './lookup-error.js';
import { defaultQuota, QuestionQuota, type QuotaLimits } from './question-quota.js';
import { RecordQuestions, type QuestionParts, type RecordSet } from './record-questions.js';

/** How to ask name servers. */
export interface DnsOptions {
  /** Addresses, with a port if it is not 53; empty: the system's. */
  readonly servers: readonly string[];
  readonly timeoutMs: number;
  readonly clock: { now(): number };
  readonly counters?: DnsCounters;
  readonly quota?: QuotaLimits;
  readonly maxCacheEntries?: number;
}

/** An exchanger and how much it is preferred; empty for the null MX (RFC 7505). */
export interface MailExchanger {
  readonly exchange: string;
  readonly priority: number;
}

/** For each record type; an entry takes some 300 bytes. */
const MAX_CACHE_ENTRIES = 20_000;
/** Below it, a list that answers with TTL 0 would be asked for each recipient of a message. */
const MIN_TTL_MS = 5_000;
/** So that a wrong long TTL does not outlast the morning after. */
const MAX_TTL_MS = 3_600_000;
/** A packet may get lost. The resolver doubles the time for its second round of the servers. */
const TRIES = 2;
/** A key of 4096 bits takes 800 bytes. */
const MAX_KEYS = 5_000;
const MAX_KEY_LENGTH = 4096;
/** Longer policies are cut, to be refused by their reader. */
export const MAX_POLICY_LENGTH = 8192;

/**
 * Asks name servers by c-ares, which has its own sockets: `dns.lookup` would occupy the threads that
 * the store commits with. No search domains are tried, as names from the wire are absolute.
 *
 * Nothing rejects. That a name does not exist is an answer, an empty one; a time-out or a server's
 * failure is none, and is not remembered.
 */
export class DnsResolver {
  readonly counters: DnsCounters;
  readonly #resolver: Resolver;
  readonly #ipv4: RecordQuestions<string>;
  readonly #ipv6: RecordQuestions<string>;
  readonly #exchangers: RecordQuestions<MailExchanger>;
  readonly #policies: RecordQuestions<string>;
  readonly #names: RecordQuestions<string>;
  readonly #keys: RecordQuestions<string>;

  /** @throws LookupError with code RESOLVER_INVALID */
  constructor(options: DnsOptions) {
    this.counters = options.counters ?? createDnsCounters();
    const resolver = createResolver(options);
    this.#resolver = resolver;
    const parts: QuestionParts = {
      clock: options.clock,
      timeoutMs: options.timeoutMs,
      quota: new QuestionQuota(options.quota ?? defaultQuota),
      counters: this.counters,
      cacheLimits: {
        maxEntries: options.maxCacheEntries ?? MAX_CACHE_ENTRIES,
        minTtlMs: MIN_TTL_MS,
        maxTtlMs: MAX_TTL_MS,
      },
    };
    const withTtl = { ttl: true } as const;
    this.#ipv4 = new RecordQuestions(
      'A',
      async (name) => addressSet(await resolver.resolve4(name, withTtl)),
      parts,
    );
    this.#ipv6 = new RecordQuestions(
      'AAAA',
      async (name) => addressSet(await resolver.resolve6(name, withTtl)),
      parts,
    );
    this.#exchangers = new RecordQuestions(
      'MX',
      async (name) => recordSet(byPriority(await resolver.resolveMx(name))),
      parts,
    );
    this.#policies = new RecordQuestions(
      'TXT',
      async (name) => recordSet(policiesOf(await resolver.resolveTxt(name))),
      parts,
    );
    this.#names = new RecordQuestions(
      'PTR',
      async (name) => recordSet(await resolver.resolvePtr(name)),
      parts,
    );
    this.#keys = new RecordQuestions(
      'TXT',
      async (name) => recordSet(keysOf(await resolver.resolveTxt(name))),
      { ...parts, cacheLimits: { ...parts.cacheLimits, maxEntries: MAX_KEYS } },
    );
  }

  /** The addresses of one family that a name has, as text. */
  addresses(name: string, family: 4 | 6, asker: Asker): MaybePromise<Answer<readonly string[]>> {
    return (family === 4 ? this.#ipv4 : this.#ipv6).ask(name, asker);
  }

  /** MX records, the most preferred first. */
  exchangers(name: string, asker: Asker): MaybePromise<Answer<readonly MailExchanger[]>> {
    return this.#exchangers.ask(name, asker);
  }

  /** TXT records that are SPF policies; others are not kept, and some have kilobytes of them. */
  policies(name: string, asker: Asker): MaybePromise<Answer<readonly string[]>> {
    return this.#policies.ask(name, asker);
  }

  /** PTR records of a name below `in-addr.arpa` or `ip6.arpa`. */
  names(name: string, asker: Asker): MaybePromise<Answer<readonly string[]>> {
    return this.#names.ask(name, asker);
  }

  /** The TXT record of a DKIM key, which is one (RFC 6376 section 3.6.2.2). */
  keys(name: string, asker: Asker): MaybePromise<Answer<readonly string[]>> {
    return this.#keys.ask(name, asker);
  }

  /** Gives up on all that is under way; what is asked later is asked. */
  cancel(): void {
    this.#resolver.cancel();
  }
}

function createResolver({ servers, timeoutMs }: DnsOptions): Resolver {
  // The first round and the doubled second one together take the time of a question.
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: TRIES });
  try {
    if (servers.length > 0) resolver.setServers(servers);
  } catch (cause) {
    const message =
      `lookups.resolvers: "${servers.join('", "')}" are not all addresses of name servers; ` +
      'write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353, and no names';
    throw new LookupError('RESOLVER_INVALID', message, { cause });
  }
  return resolver;
}

function addressSet(records: readonly RecordWithTtl[]): RecordSet<string> {
  return {
    records: records.map(({ address }) => address),
    ttlSeconds: Math.min(...records.map(({ ttl }) => ttl)),
  };
}

function recordSet<T>(records: readonly T[]): RecordSet<T> {
  return { records, ttlSeconds: undefined };
}

function byPriority(records: readonly MxRecord[]): readonly MailExchanger[] {
  return records
    .map(({ exchange, priority }) => ({ exchange, priority }))
    .sort((a, b) => a.priority - b.priority);
}

/** A record is its strings without anything between them (RFC 7208 section 3.3). */
function policiesOf(records: readonly (readonly string[])[]): readonly string[] {
  return records
    .map((strings) => strings.join(''))
    .filter((text) => /^v=spf1(?: |$)/i.test(text))
    .map((text) => text.slice(0, MAX_POLICY_LENGTH + 1));
}

/** One that is too long for a key is none; of several records it is anybody's guess. */
function keysOf(records: readonly (readonly string[])[]): readonly string[] {
  const [first] = records.map((strings) => strings.join(''));
  return first === undefined || first.length > MAX_KEY_LENGTH ? [] : [first];
}
