import { connect } from 'node:net';

/** Whether somebody takes connections at a path: its file is there a moment sooner. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
