import { resolve } from 'node:path';
import { parseUnixSocketAddress } from './socket-address.js';

/**
 * What differs from the defaults when there is no configuration file, so that anybody can try the
 * filter out without being root: a loopback port alone, a store in the working directory, and the
 * admin socket beside it.
 *
 * The schema holds the defaults of a configuration file, which suit a system service.
 */
export const TRIAL_DEFAULTS = {
  listen: { milter: ['inet:10033@127.0.0.1'] },
  store: { url: 'level:./var/db' },
} as const;

/**
 * Where the admin socket is without a configuration file: each store has its own, so that several
 * trials do not get into each other's way, and commands that are told the store find its filter.
 *
 * @returns null where the path would be too long for a socket, or there is no such store
 */
export function trialAdmin(storeUrl: unknown): string | null {
  const path = typeof storeUrl === 'string' ? /^level:(.+)$/s.exec(storeUrl)?.[1] : undefined;
  if (path === undefined) return null;
  const address = `unix:${resolve(path)}.sock`;
  return 'ok' in parseUnixSocketAddress(address) ? address : null;
}
