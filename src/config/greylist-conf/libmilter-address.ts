import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

import { addressOfHost } from './host-address.js';
import { portOf } from './service-ports.js';

/** Where a socket is that is written for libmilter. */
export interface LibmilterAddress {
  /** In our spelling; what is not known stays as it was written. */
  readonly address: string;
  /** What neither we nor the system know by its name. */
  readonly unknown?: { readonly kind: 'port' | 'host'; readonly name: string } | undefined;
}

/**
 * An inet address as libmilter takes it: the port by its number or by what it is for, the host by its
 * address or by a name, which is looked up once, and all addresses of the machine without a host.
 *
 * @returns undefined for what is no inet address
 */
export function readInetAddress(spec: string): LibmilterAddress | undefined {
  const [, family, port = '', host] = /^(inet6?):([^@]*)(?:@(.*))?$/is.exec(spec) ?? [];
  if (family === undefined) return undefined;
  const prefix = family.toLowerCase();
  const everywhere = prefix === 'inet6' ? '[::]' : '0.0.0.0';
  const number = isName(port) ? portOf(port, readServices())?.toString() : port;
  const place = host === undefined ? everywhere : placeOf(host, prefix === 'inet6' ? 6 : 4);
  return {
    address: `${prefix}:${number ?? port}@${place ?? host ?? ''}`,
    unknown:
      number === undefined
        ? { kind: 'port', name: port }
        : place === undefined
          ? { kind: 'host', name: host ?? '' }
          : undefined,
  };
}

function isName(port: string): boolean {
  return /^[a-z][a-z0-9-]*$/i.test(port);
}

/** What is no name stays as it is: whoever reads the address says what is wrong with it. */
function placeOf(host: string, family: 4 | 6): string | undefined {
  const isHostName = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(host) && isIP(host) === 0;
  if (!isHostName || host.toLowerCase() === 'localhost') return host;
  const address = addressOfHost(host, family);
  return address !== undefined && family === 6 ? `[${address}]` : address;
}

/** What ports are for, as the system has it; a system need not have it. */
function readServices(): string {
  try {
    return readFileSync('/etc/services', 'utf8');
  } catch {
    // Then no port has a name.
    return '';
  }
}
