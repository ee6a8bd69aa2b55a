import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AsyncCleanUp } from './dns-server.js';

/** A request as it came, body included. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A web server of the test's own; it ends with the test. */
export interface WebServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly requests: SeenRequest[];
  /** How many connections have been made. */
  readonly connections: () => number;
  /** How many requests were under way at a time, at most. */
  readonly atATime: () => number;
}

/** Answers what the handler says. */
export async function startWebServer(
  t: AsyncCleanUp,
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<WebServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  let underWay = 0;
  let most = 0;
  const server = createServer((incoming, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    response.once('close', () => (underWay -= 1));
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(request);
      answer(request, response);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => stop(server));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    connections: () => connections,
    atATime: () => most,
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
