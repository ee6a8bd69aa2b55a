import { parseIpAddress } from '../mail/ip-address.js';
import { networkOf, type Network } from '../mail/network.js';
import type { Answer, MaybePromise } from '../rules/lookups.js';
import { Asker } from './asker.js';
import { DnsResolver, type DnsOptions } from './dns.js';
import { readSpfPolicy, type SpfPolicy, type SpfTerm } from './spf-policy.js';

/** A network from which a domain's mail may come, and where its SPF says so. */
export interface SpfNetwork {
  readonly network: Network;
  /** The chain of terms, outermost first: `include:_spf.example ip4:192.0.2.0/24`. */
  readonly term: string;
}

/** What a domain's SPF comes to. */
export interface SpfNetworks {
  readonly networks: readonly SpfNetwork[];
  /** Why it may be incomplete; empty if it is not. */
  readonly problems: readonly string[];
}

/** Finds the networks that domains send from. */
export interface NetworkCollector {
  /** Never rejects. */
  collect(domain: string): Promise<SpfNetworks>;
  /** Gives up on what is under way. */
  close(): void;
}

/** Nobody waits for it. */
const BUDGET_MS = 60_000;
/** Policies, addresses and exchangers: a few hundred names, asked for again after hours. */
const MAX_CACHE_ENTRIES = 500;
/** RFC 7208 section 4.6.4, and what keeps a policy from including itself for ever. */
const MAX_TERMS = 10;
const MAX_NETWORKS = 2000;
const MAX_EXCHANGERS = 10;
/** Wider ones are no sender's own: whole clouds are not exempt. */
const MIN_PREFIX = { 4: 12, 6: 32 } as const;

/** @throws LookupError with code RESOLVER_INVALID */
export function createNetworkCollector(
  options: Pick<DnsOptions, 'servers' | 'timeoutMs' | 'clock'>,
): NetworkCollector {
  const dns = new DnsResolver({ ...options, maxCacheEntries: MAX_CACHE_ENTRIES });
  return {
    collect: (domain) => new Walk(dns, new Asker(undefined, BUDGET_MS)).collect(domain),
    close: () => dns.cancel(),
  };
}

/** A policy on the way, and how one got there. */
interface Place {
  readonly domain: string;
  readonly path: readonly string[];
}

/**
 * Goes through a domain's SPF as RFC 7208 would, for all clients at once. Terms that say nothing of
 * addresses (`all`, `exists`, `ptr`, macros) and networks that are too wide are left out, and so is
 * what stands behind a term that does not pass: it may have been meant as an exception.
 */
class Walk {
  readonly #dns: DnsResolver;
  readonly #asker: Asker;
  readonly #networks = new Map<string, SpfNetwork>();
  readonly #problems: string[] = [];
  #terms = 0;

  constructor(dns: DnsResolver, asker: Asker) {
    this.#dns = dns;
    this.#asker = asker;
  }

  async collect(domain: string): Promise<SpfNetworks> {
    await this.#policy({ domain, path: [] });
    return { networks: [...this.#networks.values()], problems: this.#problems };
  }

  async #policy({ domain, path }: Place): Promise<void> {
    const policy = readPolicy(domain, await this.#dns.policies(domain, this.#asker));
    if ('problem' in policy) {
      this.#fail(policy.problem);
      return;
    }
    for (const term of policy.terms) {
      if (term.qualifier !== '+' || term.kind === 'all') return;
      await this.#term(term, { domain, path });
    }
    const { redirect } = policy;
    if (redirect !== undefined) await this.#goOn(`redirect=${redirect}`, redirect, path);
  }

  async #term(term: SpfTerm, { domain, path }: Place): Promise<void> {
    switch (term.kind) {
      case 'all':
      case 'exists':
      case 'ptr':
        return;
      case 'network': {
        const { network } = term;
        this.#add(network, [...path, `ip${network.family}:${network.text}`]);
        return;
      }
      case 'include':
        await this.#goOn(`include:${term.name}`, term.name, path);
        return;
      case 'a':
      case 'mx': {
        const name = term.name ?? domain;
        if (hasMacro(name) || !this.#takeTerm()) return;
        const names = term.kind === 'a' ? [name] : await this.#exchangers(name);
        const text = `${term.kind}:${name}`;
        for (const each of names) await this.#addresses(each, term.prefixes, [...path, text]);
      }
    }
  }

  async #goOn(text: string, domain: string, path: readonly string[]): Promise<void> {
    if (hasMacro(domain) || !this.#takeTerm()) return;
    await this.#policy({ domain, path: [...path, text] });
  }

  async #exchangers(domain: string): Promise<readonly string[]> {
    const found = await this.#ask(this.#dns.exchangers(domain, this.#asker));
    const names = found.map(({ exchange }) => exchange).filter((name) => name !== '');
    return names.slice(0, MAX_EXCHANGERS);
  }

  async #addresses(
    name: string,
    prefixes: Readonly<Record<4 | 6, number>>,
    path: readonly string[],
  ): Promise<void> {
    for (const family of [4, 6] as const) {
      for (const text of await this.#ask(this.#dns.addresses(name, family, this.#asker))) {
        const address = parseIpAddress(text);
        if (address !== undefined) this.#add(networkOf(address, prefixes[family]), path);
      }
    }
  }

  #add(network: Network, path: readonly string[]): void {
    if (network.prefix < MIN_PREFIX[network.family] || this.#networks.has(network.text)) return;
    if (this.#networks.size < MAX_NETWORKS) {
      this.#networks.set(network.text, { network, term: path.join(' ') });
    } else this.#fail(`it has more than ${MAX_NETWORKS} networks`);
  }

  #takeTerm(): boolean {
    this.#terms++;
    if (this.#terms > MAX_TERMS) this.#fail(`it has more than ${MAX_TERMS} terms that ask DNS`);
    return this.#terms <= MAX_TERMS;
  }

  async #ask<T>(asked: MaybePromise<Answer<readonly T[]>>): Promise<readonly T[]> {
    const answer = await asked;
    if (answer.known) return answer.value;
    this.#fail(answer.problem);
    return [];
  }

  #fail(problem: string): void {
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }
}

function readPolicy(
  domain: string,
  found: Answer<readonly string[]>,
): SpfPolicy | { readonly problem: string } {
  if (!found.known) return found;
  const [text, another] = found.value;
  if (text === undefined) return { problem: `${domain} has no SPF policy` };
  if (another !== undefined) return { problem: `${domain} has more than one SPF policy` };
  const policy = readSpfPolicy(text);
  if (!('problem' in policy)) return policy;
  return { problem: `the policy of ${domain} is wrong: ${policy.problem}` };
}

function hasMacro(name: string): boolean {
  return name.includes('%');
}
