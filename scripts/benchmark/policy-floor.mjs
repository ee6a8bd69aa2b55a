/**
 * What Node.js's sockets allow for the policy protocol: looks for empty lines only and answers at once.
 *
 *     node policy-floor.mjs SOCKET [DIRECTORY]
 *
 * With a directory it writes the recipient of each request into a LevelDB there, and answers once that is
 * committed.
 */
import { createServer } from 'node:net';

const [path, directory] = process.argv.slice(2);
const answer = 'action=DEFER_IF_PERMIT 4.2.0 Greylisted, please try again in 180 seconds\n\n';

const keep =
  directory === undefined
    ? undefined
    : await (await import('./floor-store.mjs')).openFloorStore(directory);

createServer((socket) => {
  let last = 0;
  socket.on('data', (chunk) => {
    for (const byte of chunk) {
      if (byte === 10 && last === 10) {
        if (keep === undefined) socket.write(answer);
        else void keep(recipientIn(chunk)).then(() => socket.write(answer));
      }
      last = byte;
    }
  });
  socket.on('error', () => undefined);
}).listen(path);

/** A client that waits for its answer has one request in a chunk.
 *
 * @param {Buffer} chunk
 */
function recipientIn(chunk) {
  const start = chunk.indexOf('\nrecipient=') + 1;
  return chunk.subarray(start, chunk.indexOf(10, start));
}
