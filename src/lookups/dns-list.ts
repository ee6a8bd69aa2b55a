import { parseIpAddress } from '../mail/ip-address.js';
import { networkContains, type Network } from '../mail/network.js';
import type { Answer, Lookups } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';
import { reversedAddress } from './reverse-name.js';

/** What tells of a list that does not work. */
export interface DnsListLog {
  warn(message: string, fields: Readonly<Record<string, string>>): void;
}

/** Asks DNS lists (RFC 5782), of whatever colour. */
export class DnsLists {
  readonly #dns: DnsResolver;
  readonly #log: DnsListLog | undefined;
  /** Zones come from the configuration, so these are few. */
  readonly #warnedOf = new Set<string>();

  constructor(dns: DnsResolver, log: DnsListLog | undefined) {
    this.#dns = dns;
    this.#log = log;
  }

  /** What a list has for a client; empty if it is not listed. */
  ask(
    [zone, client, meant]: Parameters<Lookups['dnsList']>,
    asker: Asker,
  ): ReturnType<Lookups['dnsList']> {
    const answer = this.#dns.addresses(`${reversedAddress(client)}.${zone}`, 4, asker);
    return answer instanceof Promise
      ? answer.then((found) => this.#judge(zone, found, meant))
      : this.#judge(zone, answer, meant);
  }

  #judge(
    zone: string,
    answer: Answer<readonly string[]>,
    meant: readonly Network[] = [],
  ): Answer<readonly string[]> {
    if (!answer.known || answer.value.some((address) => isMeant(address, meant))) return answer;
    const strange = answer.value.find((address) => !isListing(address));
    if (strange === undefined) return answer;
    const problem = strange.startsWith(REFUSAL)
      ? `the list refuses to answer us (${strange}); see what its operator says of this code`
      : `${strange} is no answer of a DNS list; it may have closed, or the resolver redirects`;
    if (!this.#warnedOf.has(zone)) {
      this.#warnedOf.add(zone);
      this.#log?.warn('a DNS list does not work', { zone, problem });
    }
    return { known: false, problem: `${zone}: ${problem}` };
  }
}

/** Whoever names an answer knows the list: some that are asked privately have addresses of their own. */
function isMeant(text: string, meant: readonly Network[]): boolean {
  if (meant.length === 0) return false;
  const address = parseIpAddress(text);
  return address !== undefined && meant.some((network) => networkContains(network, address));
}

/** By agreement of the large lists, errors are told by addresses herein. */
const REFUSAL = '127.255.255.';

/** RFC 5782 section 2.1. A closed list, or a resolver that redirects, answers anything else. */
function isListing(address: string): boolean {
  return address.startsWith('127.') && !address.startsWith(REFUSAL);
}
