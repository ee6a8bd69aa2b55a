/**
 * What Node.js's sockets allow for the policy protocol: looks for empty lines only and answers at once.
 *
 *     node policy-floor.mjs SOCKET
 */
import { createServer } from 'node:net';

const [path] = process.argv.slice(2);
const answer = 'action=DEFER_IF_PERMIT 4.2.0 Greylisted, please try again in 180 seconds\n\n';

createServer((socket) => {
  let last = 0;
  socket.on('data', (chunk) => {
    for (const byte of chunk) {
      if (byte === 10 && last === 10) socket.write(answer);
      last = byte;
    }
  });
  socket.on('error', () => undefined);
}).listen(path);
