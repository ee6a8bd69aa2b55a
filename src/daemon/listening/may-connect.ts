import type { Socket } from 'node:net';
import type { Config } from '../../config/schema.js';
import { isLoopback, parseIpAddress } from '../../mail/ip-address.js';
import { networkContains } from '../../mail/network.js';

/**
 * Whether a peer may connect: over a Unix socket, whose mode decides; from this machine; or from
 * where `listen.allow` says.
 */
export function mayConnect(
  { remoteAddress, localAddress }: Pick<Socket, 'remoteAddress' | 'localAddress'>,
  allow: Config['listen']['allow'],
): boolean {
  if (remoteAddress === undefined) return true;
  const peer = parseIpAddress(remoteAddress);
  if (peer === undefined) return false;
  return (
    isLoopback(peer) ||
    remoteAddress === localAddress ||
    allow.some(({ networks }) => networks.some((network) => networkContains(network, peer)))
  );
}
