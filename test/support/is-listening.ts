import { connect, type NetConnectOpts } from 'node:net';

/** Whether somebody takes connections there. The file of a Unix socket is there a moment sooner. */
export function isListening(where: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
