import { parseIpAddress, type IpAddress } from '../mail/ip-address.js';
import type { Answer } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';

/** As many as SPF looks at (RFC 7208 section 4.6.4); hardly any domain has more. */
const MAX_EXCHANGERS = 10;
const nobody: Answer<readonly IpAddress[]> = { known: true, value: [] };

/**
 * The addresses of those who take a domain's mail (RFC 5321 section 5.1): of its exchangers, the ten
 * most preferred, or without any its own; none for the null MX (RFC 7505). An address that cannot be
 * had leaves all unknown, for it might have been the one that matters.
 */
export async function findMailExchangers(
  dns: DnsResolver,
  domain: string,
  asker: Asker,
): Promise<Answer<readonly IpAddress[]>> {
  if (domain === '') return nobody;
  if (domain.startsWith('[')) return literalAddress(domain);
  const exchangers = await dns.exchangers(domain, asker);
  if (!exchangers.known) return exchangers;
  const names = exchangers.value.map(({ exchange }) => exchange).slice(0, MAX_EXCHANGERS);
  const isDomainItself = names.length === 0;
  return await addressesOf(
    dns,
    isDomainItself ? [domain] : names.filter((name) => name !== ''),
    asker,
  );
}

async function addressesOf(
  dns: DnsResolver,
  names: readonly string[],
  asker: Asker,
): Promise<Answer<readonly IpAddress[]>> {
  const answers = await Promise.all(
    [...new Set(names)].flatMap((name) => [
      Promise.resolve(dns.addresses(name, 4, asker)),
      Promise.resolve(dns.addresses(name, 6, asker)),
    ]),
  );
  const found = new Map<string, IpAddress>();
  for (const answer of answers) {
    if (!answer.known) return answer;
    for (const text of answer.value) {
      const address = parseIpAddress(text);
      if (address !== undefined) found.set(address.text, address);
    }
  }
  return { known: true, value: [...found.values()] };
}

/** `user@[192.0.2.1]` has that address for its exchanger. */
function literalAddress(domain: string): Answer<readonly IpAddress[]> {
  const address = parseIpAddress(domain.slice(1, -1));
  return address === undefined ? nobody : { known: true, value: [address] };
}
