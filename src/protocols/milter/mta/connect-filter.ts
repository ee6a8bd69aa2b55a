import { connect, type Socket } from 'node:net';
import { MilterProtocolError } from '../errors.js';

/** Where a filter listens. */
export type FilterAddress =
  { readonly path: string } | { readonly host?: string; readonly port: number };

/**
 * Connects to a filter, for an MtaSession; the loopback address without `host`.
 *
 * @throws MilterProtocolError MILTER_FILTER_GONE if nobody listens there, with the cause
 */
export function connectFilter(address: FilterAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      'path' in address
        ? { path: address.path }
        : { host: address.host ?? '127.0.0.1', port: address.port, noDelay: true },
    );
    const failed = (cause: Error): void => {
      const problem = `cannot connect to the filter: ${cause.message}`;
      reject(new MilterProtocolError('MILTER_FILTER_GONE', problem, { cause }));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}
