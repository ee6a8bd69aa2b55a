import { duplexPair, type Duplex } from 'node:stream';
import { PacketFramer } from '../../../../../src/protocols/milter/packet-framer.js';
import type { Conversation } from '../../../../fixtures/traces/read-conversations.js';
import { fromHex, packet } from '../../../../support/packet-builder.js';

/** What a scripted filter does behind one packet. */
interface Reaction {
  readonly bytes: Buffer;
  readonly closes: boolean;
}

/** A filter that says what was recorded, and keeps what it is sent. */
export interface ScriptedFilter {
  /** The MTA's end. */
  readonly stream: Duplex;
  /** Every packet that came, as bytes. */
  readonly received: readonly Buffer[];
}

/** What the recordings, which hold whole packets, cannot show of a filter. */
const unshown: readonly { readonly scenario: RegExp; readonly reaction: Reaction }[] = [
  { scenario: /filter-closes/, reaction: { bytes: Buffer.alloc(0), closes: true } },
  { scenario: /zero-length/, reaction: { bytes: fromHex('00000000'), closes: false } },
  { scenario: /huge-length/, reaction: { bytes: fromHex('7fffffff 63'), closes: false } },
];

/** Answers the n-th packet of an MTA as it was answered when it was recorded. */
export function scriptedFilter(conversation: Conversation): ScriptedFilter {
  const reactions = reactionsIn(conversation);
  const [stream, end] = duplexPair();
  const received: Buffer[] = [];
  const framer = new PacketFramer(1024 * 1024);
  end.on('data', (chunk: Buffer) => {
    framer.push(chunk);
    while (framer.next()) {
      const start = framer.payloadStart - 5;
      const reaction = reactions[received.length];
      received.push(Buffer.from(framer.buffer.subarray(start, framer.payloadEnd)));
      if (reaction !== undefined && reaction.bytes.length > 0) end.write(reaction.bytes);
      if (reaction?.closes === true) end.end();
    }
  });
  end.on('end', () => end.end());
  return { stream, received };
}

function reactionsIn({ name, packets }: Conversation): readonly Reaction[] {
  const reactions: Reaction[] = [];
  packets.forEach(({ from }, index) => {
    if (from !== 'mta') return;
    const next = packets.findIndex((later, at) => at > index && later.from === 'mta');
    const answers = packets.slice(index + 1, next === -1 ? undefined : next);
    reactions.push({
      bytes: Buffer.concat(answers.map(({ command, payload }) => packet(command, payload))),
      closes: false,
    });
  });
  const special = unshown.find(({ scenario }) => scenario.test(name));
  if (special !== undefined) reactions[reactions.length - 1] = special.reaction;
  return reactions;
}
