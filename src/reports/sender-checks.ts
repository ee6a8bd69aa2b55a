import { Resolver } from 'node:dns/promises';
import { parseIpAddress, type IpAddress } from '../mail/ip-address.js';
import { networkOf } from '../mail/network.js';

/** What a client may be to the sender's domain; the first that holds is said. */
const CHECKS = ['mx', 'mx/24', 'a', 'a/24'] as const;

type Check = (typeof CHECKS)[number];

/** Who is asked; the system's resolver, except in tests. */
export type DnsAsker = Pick<Resolver, 'resolveMx' | 'resolve4' | 'resolve6'>;

/** Asks for what postgreyreport's slow options want to know, each question once. */
export class SenderChecks {
  readonly #dns: DnsAsker;
  readonly #addresses = new Map<string, Promise<readonly string[]>>();

  constructor(dns: DnsAsker = new Resolver({ timeout: 5000, tries: 2 })) {
    this.#dns = dns;
  }

  /** `MX`, `MX/24`, `A`, `A/24`, or nothing. */
  async check(sender: string, client: IpAddress, wanted: readonly string[]): Promise<string> {
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    if (domain === '') return '';
    for (const check of CHECKS) {
      if (wanted.includes(check) && (await this.#holds(check, domain, client))) {
        return check.toUpperCase();
      }
    }
    return '';
  }

  /** Whether one of these DNS lists has the client. */
  async isListed(client: IpAddress, zones: readonly string[]): Promise<boolean> {
    for (const zone of zones) {
      const found = await none(this.#dns.resolve4(`${reversed(client)}.${zone}`));
      if (found.length > 0) return true;
    }
    return false;
  }

  async #holds(check: Check, domain: string, client: IpAddress): Promise<boolean> {
    const isMx = check.startsWith('mx');
    const kind = `${isMx ? 'mx' : 'a'} ${domain}`;
    let asked = this.#addresses.get(kind);
    if (asked === undefined) {
      asked = isMx ? this.#exchangers(domain) : this.#hosts(domain);
      this.#addresses.set(kind, asked);
    }
    const isWide = check.endsWith('/24');
    const wanted = isWide ? wide(client) : client.text;
    return (await asked).some((text) => {
      const address = parseIpAddress(text);
      return address !== undefined && (isWide ? wide(address) : address.text) === wanted;
    });
  }

  async #exchangers(domain: string): Promise<readonly string[]> {
    const exchangers = await none(this.#dns.resolveMx(domain));
    const found = exchangers.slice(0, 20).map(({ exchange }) => this.#hosts(exchange));
    return (await Promise.all(found)).flat();
  }

  async #hosts(name: string): Promise<readonly string[]> {
    const answers = [none(this.#dns.resolve4(name)), none(this.#dns.resolve6(name))];
    return (await Promise.all(answers)).flat();
  }
}

function wide(address: IpAddress): string {
  return networkOf(address, address.family === 4 ? 24 : 64).text;
}

/** No answer is none: these are hints in a report. */
async function none<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await asked;
  } catch {
    return [];
  }
}

/** RFC 5782: octets, or the nibbles of an IPv6 address, the last one first. */
function reversed({ family, bytes }: IpAddress): string {
  const hex = Buffer.from(bytes).toString('hex');
  const labels = family === 4 ? Array.from(bytes, String) : hex.split('');
  return labels.reverse().join('.');
}
