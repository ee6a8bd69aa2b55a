import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import type { Server } from 'node:net';
import { basename, dirname } from 'node:path';
import { formatSocketAddress, type SocketAddress } from '../../config/socket-address.js';
import { parseIpAddress } from '../../mail/ip-address.js';

/** A listening socket that whoever started us has opened, and keeps open when we end. */
export interface HandedOverSocket {
  readonly fd: number;
  /** `FileDescriptorName=` of the socket unit. */
  readonly name: string;
}

/** The environment of a process, as far as anybody has set it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first descriptor that is handed over, behind the three that everybody has. */
export const FIRST_HANDED_OVER_FD = 3;

/**
 * The sockets that were handed over to a process, as sd_listen_fds(3) says: `LISTEN_FDS` of them
 * from descriptor 3 on, if `LISTEN_PID` is that process, named by `LISTEN_FDNAMES`.
 */
export function readHandedOver(environment: Environment, pid: number): readonly HandedOverSocket[] {
  const { LISTEN_PID: addressee, LISTEN_FDS: count, LISTEN_FDNAMES: names } = environment;
  if (addressee !== String(pid) || count === undefined || !/^[1-9]\d{0,3}$/.test(count)) return [];
  const named = names?.split(':') ?? [];
  return Array.from({ length: Number(count) }, (_, index) => ({
    fd: FIRST_HANDED_OVER_FD + index,
    name: named[index] ?? 'unknown',
  }));
}

/** Where a server listens on a descriptor; undefined if that cannot be told. */
export function addressOfHandedOver(server: Server, fd: number): SocketAddress | undefined {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') {
    const path = pathOfSocket(fd);
    return path === undefined ? undefined : { kind: 'unix', path };
  }
  const address = parseIpAddress(bound.address);
  if (address === undefined) return undefined;
  return { kind: 'inet', host: address.text, port: bound.port, family: address.family };
}

/** Whether two addresses mean the same socket; /var/run is /run on most systems. */
export function isSamePlace(one: SocketAddress, other: SocketAddress): boolean {
  return formatSocketAddress(plain(one)) === formatSocketAddress(plain(other));
}

function plain(address: SocketAddress): SocketAddress {
  if (address.kind === 'inet') return address;
  const { path } = address;
  try {
    return { kind: 'unix', path: `${realpathSync(dirname(path))}/${basename(path)}` };
  } catch {
    // There is no such directory: nobody listens there.
    return address;
  }
}

// Node.js knows the path only of a socket that it has bound itself. A row of the kernel's table:
// `ffff8881: 00000002 00000000 00010000 0001 01 23456 /run/greymilter/milter.sock`
function pathOfSocket(fd: number): string | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
    const rows = readFileSync('/proc/self/net/unix', 'utf8').split('\n');
    const row = rows
      .map((line) => /^(?:\S+ +){6}(\d+) (\/.*)$/.exec(line))
      .find((match) => match !== null && match[1] === inode);
    return row?.[2];
  } catch {
    // No /proc, or no access to it.
    return undefined;
  }
}
