import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import type { SocketAddress } from '../config/socket-address.js';
import { codeOf } from '../mail/file-problem.js';

/**
 * The directory because of which Sendmail would not take a socket: one above it that its group or
 * everybody may write to. Undefined if there is none, or nothing there yet.
 */
export async function unsafeDirectory(socket: string): Promise<string | undefined> {
  for (let path = dirname(socket); ; path = dirname(path)) {
    const mode = await stat(path).then(
      (found) => found.mode,
      () => 0,
    );
    if ((mode & 0o022) !== 0) return path;
    if (path === dirname(path)) return undefined;
  }
}

/** How long a host that says nothing may take: what listens on this machine answers at once. */
const CONNECT_MS = 2000;

/**
 * Whether it is certain that nobody listens there: Sendmail then lets all mail pass, and says so in its
 * log only.
 */
export async function isNobodyThere(address: SocketAddress): Promise<boolean> {
  const socket = address.kind === 'unix' ? connect(address.path) : connect(address);
  const problem = await new Promise<unknown>((resolve) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('error', resolve);
    socket.setTimeout(CONNECT_MS, () => resolve(undefined));
  });
  socket.destroy();
  return ['ENOENT', 'ECONNREFUSED'].includes(codeOf(problem) ?? '');
}
