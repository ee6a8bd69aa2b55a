import { formatSocketAddress, parseSocketAddress } from '../../src/config/socket-address.js';
import type { FilterAddress } from '../../src/protocols/milter/index.js';

/**
 * Where a filter listens.
 *
 * @param text a path, or an address as mail servers write it: `inet:10033@127.0.0.1`
 * @throws RangeError if it is neither
 */
export function filterAddress(text: string): FilterAddress {
  const parsed = parseSocketAddress(text);
  if (!('ok' in parsed)) throw new RangeError(`${text} ${parsed.problem}`);
  const { ok } = parsed;
  return ok.kind === 'unix' ? { path: ok.path } : { host: ok.host, port: ok.port };
}

/** A TCP address of this machine. */
export function loopback(port: number): string {
  return formatSocketAddress({ kind: 'inet', host: '127.0.0.1', port, family: 4 });
}
