import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AsyncCleanUp } from './dns-server.js';

/** Stands between a client and a server, and counts how often the client has waited for an answer. */
export interface FlightCounter {
  readonly port: number;
  /** Journeys to the server and back since it was asked last. */
  take(): number;
}

/** Starts it on 127.0.0.1, for one connection at a time; it ends with the test. */
export async function startFlightCounter(
  t: AsyncCleanUp,
  serverPort: number,
): Promise<FlightCounter> {
  let flights = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const peer = connect(serverPort, '127.0.0.1');
    let isUnderWay = false;
    client.on('data', (bytes) => {
      if (!isUnderWay) flights++;
      isUnderWay = true;
      peer.write(bytes);
    });
    peer.on('data', (bytes) => {
      isUnderWay = false;
      client.write(bytes);
    });
    for (const socket of [client, peer]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        peer.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    take: () => {
      const taken = flights;
      flights = 0;
      return taken;
    },
  };
}
