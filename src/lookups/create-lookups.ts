import { performance } from 'node:perf_hooks';
import type { IpAddress } from '../mail/ip-address.js';
import type {
  Answer,
  DkimQuestion,
  LdapQuestion,
  Lookups,
  MaybePromise,
  SpfFinding,
  SpfQuestion,
  UrlQuestion,
} from '../rules/lookups.js';
import { AnswerCache } from './answer-cache.js';
import { Asker } from './asker.js';
import { findClientName } from './client-name.js';
import { DnsLists, type DnsListLog } from './dns-list.js';
import { DnsResolver } from './dns.js';
import type { GeoDatabases } from './geo.js';
import { createHostLookup } from './host-lookup.js';
import type { LdapLookups, LdapServers } from './ldap-lookups.js';
import {
  createDnsCounters,
  createKindCounters,
  type LookupCounters,
  type LookupKind,
} from './lookup-counters.js';
import { LookupLog } from './lookup-log.js';
import { loadSpfVerify } from './mailauth.js';
import { findMailExchangers } from './mail-exchangers.js';
import type { checkSpf } from './spf.js';
import type { UrlLookups, UrlServer } from './url-lookups.js';

/** How to look things up. */
export interface LookupOptions {
  /** Addresses of name servers, `192.0.2.53` or `192.0.2.53:5353`; empty: the system's. */
  readonly resolvers: readonly string[];
  /** For one question, and for all that is asked for one recipient. */
  readonly timeoutMs: number;
  /** MaxMind database files. */
  readonly geoFiles: readonly string[];
  /**
   * Whether SPF will surely be asked for: then its library is loaded now, which takes a tenth of a
   * second, and otherwise when somebody asks.
   */
  readonly usesSpf?: boolean;
  /** The web servers that are asked, by the names of their definitions. */
  readonly urls?: Readonly<Record<string, UrlServer>>;
  readonly ldap?: LdapServers | undefined;
  readonly clock: { now(): number };
  readonly logger?: DnsListLog;
}

/** Looks things up for one recipient after another; what it has found out serves all of them. */
export interface LookupService {
  /**
   * For the rules of one recipient. The time for all of its questions runs from the first that has
   * to be waited for; what is asked counts against the client's network.
   */
  forRecipient(client: IpAddress | undefined): Lookups;
  readonly counters: LookupCounters;
  /** Gives up on what is under way. */
  close(): void;
}

/**
 * Gets lookups ready: nothing is asked yet, and no library is loaded that is not needed.
 *
 * @throws LookupError if a GeoIP database or the address of a name server is no good
 */
export async function createLookups(options: LookupOptions): Promise<LookupService> {
  const geo =
    options.geoFiles.length === 0
      ? undefined
      : await (await import('./geo.js')).openGeoDatabases(options.geoFiles);
  const service = new Service(options, geo);
  await service.open(options);
  if (options.usesSpf === true) await service.loadSpf();
  return service;
}

/**
 * What SPF says is the same for all recipients of a message, and to go through a policy costs more
 * than all else about a recipient, even if every answer is at hand. Its answers live longer.
 */
const SPF_TTL_MS = 60_000;
const MAX_SPF_FINDINGS = 5_000;

class Service implements LookupService {
  readonly #dnsCounters = createDnsCounters();
  readonly #kinds = createKindCounters();
  readonly counters: LookupCounters = { dns: this.#dnsCounters, kinds: this.#kinds };
  readonly geo: GeoDatabases | undefined;
  readonly dns: DnsResolver;
  readonly dnsLists: DnsLists;
  readonly #timeoutMs: number;
  readonly #clock: LookupOptions['clock'];
  readonly #spfFindings = new AnswerCache<Answer<SpfFinding>>({
    maxEntries: MAX_SPF_FINDINGS,
    minTtlMs: SPF_TTL_MS,
    maxTtlMs: SPF_TTL_MS,
  });
  #checkSpf: Promise<typeof checkSpf> | undefined;
  urls: UrlLookups | undefined;
  ldap: LdapLookups | undefined;

  constructor(options: LookupOptions, geo: GeoDatabases | undefined) {
    const { resolvers: servers, timeoutMs, clock, logger } = options;
    this.geo = geo;
    this.dns = new DnsResolver({ servers, timeoutMs, clock, counters: this.#dnsCounters });
    this.dnsLists = new DnsLists(this.dns, logger);
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** Loads what asks other servers than those of DNS, if there are any. */
  async open({ urls: servers = {}, ldap, timeoutMs, clock, logger }: LookupOptions): Promise<void> {
    const log = new LookupLog(logger, clock);
    const lookup = createHostLookup(this.dns, timeoutMs);
    if (Object.keys(servers).length > 0) {
      const module = await import('./url-lookups.js');
      this.urls = new module.UrlLookups({ servers, lookup, clock, log });
    }
    if (ldap !== undefined) {
      const module = await import('./ldap-lookups.js');
      this.ldap = new module.LdapLookups({ ...ldap, lookup, clock, log });
    }
  }

  forRecipient(client: IpAddress | undefined): Lookups {
    return new RecipientLookups(this, new Asker(client, this.#timeoutMs));
  }

  spf(question: SpfQuestion, asker: Asker): MaybePromise<Answer<SpfFinding>> {
    const { client, sender, helo } = question;
    const key = JSON.stringify([client.text, sender.localPart, sender.domain, helo]);
    return this.#spfFindings.get(key, this.#clock.now()) ?? this.#askSpf(question, asker, key);
  }

  loadSpf(): Promise<typeof checkSpf> {
    this.#checkSpf ??= import('./spf.js').then(async ({ checkSpf: check }) => {
      await loadSpfVerify();
      return check;
    });
    return this.#checkSpf;
  }

  close(): void {
    this.dns.cancel();
    this.urls?.close();
    this.ldap?.close();
  }

  async #askSpf(question: SpfQuestion, asker: Asker, key: string): Promise<Answer<SpfFinding>> {
    try {
      const check = await this.loadSpf();
      const answer = await check(question, this.dns, asker);
      if (answer.known) this.#spfFindings.set(key, answer, this.#clock.now(), SPF_TTL_MS);
      return answer;
    } catch (error) {
      // The library is not ours, and a lookup must not throw.
      return { known: false, problem: `SPF cannot be checked: ${String(error)}` };
    }
  }

  count<T>(kind: LookupKind, answer: MaybePromise<Answer<T>>): MaybePromise<Answer<T>> {
    const counters = this.#kinds[kind];
    counters.asked++;
    if (!(answer instanceof Promise)) {
      if (!answer.known) counters.unknown++;
      return answer;
    }
    const startedAt = performance.now();
    counters.waited++;
    return answer.then((found) => {
      counters.microseconds += Math.round((performance.now() - startedAt) * 1000);
      if (!found.known) counters.unknown++;
      return found;
    });
  }
}

const noServers = { known: false, problem: 'no such servers are configured' } as const;
const noDatabase = { known: false, problem: 'no GeoIP database is configured' } as const;

class RecipientLookups implements Lookups {
  readonly #service: Service;
  readonly #asker: Asker;

  constructor(service: Service, asker: Asker) {
    this.#service = service;
    this.#asker = asker;
  }

  dnsList(...question: Parameters<Lookups['dnsList']>): ReturnType<Lookups['dnsList']> {
    return this.#service.count('dnsList', this.#service.dnsLists.ask(question, this.#asker));
  }

  spf(question: SpfQuestion): MaybePromise<Answer<SpfFinding>> {
    return this.#service.count('spf', this.#service.spf(question, this.#asker));
  }

  mailExchangers(domain: string): MaybePromise<Answer<readonly IpAddress[]>> {
    const answer = findMailExchangers(this.#service.dns, domain, this.#asker);
    return this.#service.count('mailExchangers', answer);
  }

  clientName(client: IpAddress): ReturnType<Lookups['clientName']> {
    const answer = findClientName(this.#service.dns, client, this.#asker);
    return this.#service.count('clientName', answer);
  }

  geo(client: IpAddress): ReturnType<Lookups['geo']> {
    return this.#service.count('geo', this.#service.geo?.find(client) ?? noDatabase);
  }

  url(question: UrlQuestion): ReturnType<Lookups['url']> {
    return this.#service.count('url', this.#service.urls?.ask(question) ?? noServers);
  }

  ldap(question: LdapQuestion): ReturnType<Lookups['ldap']> {
    return this.#service.count('ldap', this.#service.ldap?.ask(question) ?? noServers);
  }

  dkim(question: DkimQuestion): ReturnType<Lookups['dkim']> {
    const answer = import('./dkim.js').then(({ checkDkim }) =>
      checkDkim(question, this.#service.dns, this.#asker),
    );
    return this.#service.count('dkim', answer);
  }
}
