import type { LookupFunction } from 'node:net';
import type { DnsResolver } from './dns.js';
import { Asker } from './asker.js';

/**
 * Finds the addresses of servers for `net.connect`, by the name servers that all other questions go
 * to. The system's own way would occupy the threads that the store commits with, for as long as a
 * name server is silent.
 */
export function createHostLookup(dns: DnsResolver, timeoutMs: number): LookupFunction {
  return (name, { family, all }, callback) => {
    void findAddresses(name, dns, timeoutMs).then((found) => {
      const wanted = family === 4 || family === 6 ? family : undefined;
      const fitting = found.filter((one) => wanted === undefined || one.family === wanted);
      const [first] = fitting;
      if (first === undefined) {
        const error = Object.assign(new Error(`no address is known of ${name}`), {
          code: 'ENOTFOUND',
        });
        callback(error, '', 0);
      } else if (all === true) callback(null, fitting);
      else callback(null, first.address, first.family);
    });
  };
}

interface Found {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Name servers need not know it (RFC 6761 section 6.3). */
const LOCALHOST: readonly Found[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

async function findAddresses(name: string, dns: DnsResolver, timeoutMs: number): Promise<Found[]> {
  if (name.toLowerCase() === 'localhost') return [...LOCALHOST];
  const asker = new Asker(undefined, timeoutMs);
  const answers = await Promise.all(
    ([4, 6] as const).map(async (family) => {
      const answer = await dns.addresses(name, family, asker);
      return answer.known ? answer.value.map((address) => ({ address, family })) : [];
    }),
  );
  return answers.flat();
}
