import { readConversations } from '../fixtures/traces/read-conversations.js';
import { packet } from '../support/packet-builder.js';

const longest = 3000;
const everySo = 6;

/** What Postfix and Sendmail have sent, some of their conversations. */
export function recordedStreams(): readonly Buffer[] {
  return readConversations()
    .filter((_, index) => index % everySo === 0)
    .map(({ packets }) => {
      const sent = packets.filter(({ from }) => from === 'mta');
      return Buffer.concat(sent.map(({ command, payload }) => packet(command, payload)));
    })
    .filter(({ length }) => length <= longest);
}
