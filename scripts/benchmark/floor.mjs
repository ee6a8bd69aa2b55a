/**
 * What Node.js's sockets allow: a filter that looks at lengths and command letters only and answers
 * at once. It agrees to the same flags as greymilter, so that the same packets travel.
 *
 *     node floor.mjs SOCKET
 */
import { createServer } from 'node:net';

const [path] = process.argv.slice(2);
// Version 6, actions ADDHDRS; NOBODY, NOHDRS, NOEOH, NOUNKNOWN, NR_CONN, NR_HELO, NR_MAIL.
const agreement = Buffer.from('0000000d4f000000060000000100007170', 'hex');
const text = '451 4.7.1 Greylisted, please try again in 180 seconds\0';
const length = Buffer.alloc(4);
length.writeUInt32BE(text.length + 1);
const deferral = Buffer.concat([length, Buffer.from(`y${text}`)]);
const goOn = Buffer.from('0000000163', 'hex');

/** @type {Readonly<Record<string, Buffer>>} */
const answers = { O: agreement, R: deferral, T: goOn, E: goOn };

createServer((socket) => {
  socket.on('data', (chunk) => {
    for (let at = 0; at + 4 < chunk.length; at += 4 + chunk.readUInt32BE(at)) {
      const command = String.fromCharCode(Number(chunk[at + 4]));
      const answer = answers[command];
      if (answer !== undefined) socket.write(answer);
      else if (command === 'Q') socket.end();
    }
  });
  socket.on('error', () => undefined);
}).listen(path);
