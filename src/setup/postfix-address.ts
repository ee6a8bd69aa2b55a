import { relative } from 'node:path';
import type { SocketAddress } from '../config/socket-address.js';
import type { PostfixSettings } from './postfix-settings.js';
import { SetupError } from './setup-error.js';

/** A listener of the filter, as Postfix is told of it. */
export interface PostfixAddress {
  readonly text: string;
  readonly address: SocketAddress;
}

/**
 * The listener that Postfix reaches best: a Unix socket below its queue directory, which smtpd sees with
 * and without a chroot; another Unix socket, if there is no chroot; a port.
 *
 * @param setting the one that names the listeners
 * @throws SetupError SETUP_UNREACHABLE
 */
export function chooseAddress(
  listeners: readonly SocketAddress[],
  settings: PostfixSettings,
  setting: 'listen.milter' | 'listen.policy',
): PostfixAddress {
  const ranked = listeners
    .map((address) => ({
      address,
      text: inPostfix(address, settings),
      rank: rank(address, settings),
    }))
    .filter((choice) => choice.rank < NEVER)
    .sort((a, b) => a.rank - b.rank);
  const [best] = ranked;
  if (best !== undefined) return best;
  const socket = setting === 'listen.milter' ? 'milter.sock' : 'policy.sock';
  const why = listeners.length === 0 ? 'is empty' : `has nothing that a chrooted smtpd can see`;
  throw new SetupError(
    'SETUP_UNREACHABLE',
    `${setting} ${why}: let the filter listen on unix:${settings.queueDirectory}/greymilter/${socket}, with ` +
      `listen.socket.group: ${settings.owner}`,
  );
}

/** Whether an address in main.cf is one of these listeners, however it is written there. */
export function isOneOf(
  listeners: readonly SocketAddress[],
  settings: PostfixSettings,
): (address: string) => boolean {
  const own = new Set(
    listeners.flatMap((address) =>
      address.kind === 'unix'
        ? [`unix:${address.path}`, inPostfix(address, settings)]
        : [inPostfix(address, settings), `inet:localhost:${address.port}`],
    ),
  );
  return (address) => own.has(address.replace(/^local:/, 'unix:'));
}

const NEVER = 3;

function rank(address: SocketAddress, settings: PostfixSettings): number {
  if (address.kind === 'inet') return 2;
  if (inQueue(address.path, settings) !== undefined) return 0;
  return settings.isChrooted ? NEVER : 1;
}

function inPostfix(address: SocketAddress, settings: PostfixSettings): string {
  if (address.kind === 'unix') {
    return `unix:${inQueue(address.path, settings) ?? address.path}`;
  }
  const host = withoutAny(address.host);
  return `inet:${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Whoever listens on every address is asked on loopback. */
function withoutAny(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function inQueue(path: string, { queueDirectory }: PostfixSettings): string | undefined {
  const inside = relative(queueDirectory, path);
  return inside.startsWith('..') || inside.startsWith('/') ? undefined : inside;
}
