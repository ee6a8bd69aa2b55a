/**
 * What Node.js's sockets allow: a filter that looks at lengths and command letters only and answers
 * at once. It agrees to the same flags as greymilter, so that the same packets travel.
 *
 *     node floor.mjs ADDRESS [whole|store DIRECTORY]
 *
 * The address is a path or `host:port`; with `whole` it wants all of a message, answers each event and
 * lets it pass; with `store` it writes each recipient into LevelDB, and answers once that is committed.
 */
import { createServer } from 'node:net';

const [address = '', content, directory = ''] = process.argv.slice(2);
const [host, port] = address.split(':');
const isWhole = content === 'whole';

// Version 6, actions ADDHDRS; NOBODY, NOHDRS, NOEOH, NOUNKNOWN, NR_CONN, NR_HELO, NR_MAIL.
const envelope = Buffer.from('0000000d4f000000060000000100007170', 'hex');
// The same without any of these flags.
const everything = Buffer.from('0000000d4f000000060000000100000000', 'hex');
const text = '451 4.7.1 Greylisted, please try again in 180 seconds\0';
const length = Buffer.alloc(4);
length.writeUInt32BE(text.length + 1);
const deferral = Buffer.concat([length, Buffer.from(`y${text}`)]);
const goOn = Buffer.from('0000000163', 'hex');

/** @type {Readonly<Record<string, Buffer>>} */
const answers = isWhole
  ? { O: everything, ...Object.fromEntries([...'CHMRTLNBE'].map((command) => [command, goOn])) }
  : { O: envelope, R: deferral, T: goOn, E: goOn };

const keep =
  content === 'store'
    ? await (await import('./floor-store.mjs')).openFloorStore(directory)
    : undefined;

createServer((socket) => {
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    const chunk = rest.length === 0 ? data : Buffer.concat([rest, data]);
    let at = 0;
    for (; at + 4 < chunk.length; at += 4 + chunk.readUInt32BE(at)) {
      if (at + 4 + chunk.readUInt32BE(at) > chunk.length) break;
      const command = String.fromCharCode(Number(chunk[at + 4]));
      const answer = answers[command];
      if (command === 'R' && keep !== undefined) {
        const key = chunk.subarray(at + 5, at + 4 + chunk.readUInt32BE(at));
        void keep(key).then(() => socket.write(deferral));
      } else if (answer !== undefined) socket.write(answer);
      else if (command === 'Q') socket.end();
    }
    rest = chunk.subarray(at);
  });
  socket.on('error', () => undefined);
}).listen(port === undefined ? { path: address } : { host, port: Number(port) });
