import { verifiedName } from '../mail/host-name.js';
import { parseIpAddress, type IpAddress } from '../mail/ip-address.js';
import type { Answer } from '../rules/lookups.js';
import type { Asker } from './asker.js';
import type { DnsResolver } from './dns.js';
import { reversedAddress } from './reverse-name.js';

/** As many as SPF looks at (RFC 7208 section 5.5); whoever has more of them has none of use. */
const MAX_NAMES = 10;
const ZONES = { 4: 'in-addr.arpa', 6: 'ip6.arpa' } as const;

/**
 * The name that an address has and that has the address in turn, as an MTA finds it: the first of
 * those that are confirmed. One that cannot be asked for confirms nothing; if none is confirmed and
 * one was not answered, nobody knows.
 */
export async function findClientName(
  dns: DnsResolver,
  client: IpAddress,
  asker: Asker,
): Promise<Answer<string | undefined>> {
  const reverse = await dns.names(`${reversedAddress(client)}.${ZONES[client.family]}`, asker);
  if (!reverse.known) return reverse;
  const names = reverse.value.slice(0, MAX_NAMES).flatMap((text) => verifiedName(text) ?? []);
  const answers = await Promise.all(
    names.map(async (name) => ({ name, answer: await dns.addresses(name, client.family, asker) })),
  );
  const confirmed = answers.find(
    ({ answer }) =>
      answer.known && answer.value.some((text) => parseIpAddress(text)?.text === client.text),
  );
  if (confirmed !== undefined) return { known: true, value: confirmed.name };
  const unknown = answers.map(({ answer }) => answer).find((answer) => !answer.known);
  return unknown?.known === false ? unknown : { known: true, value: undefined };
}
