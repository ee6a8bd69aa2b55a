import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandOfByte, commandTable } from '../../../../src/protocols/milter/commands.js';
import { PacketFramer } from '../../../../src/protocols/milter/packet-framer.js';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import {
  readConversations,
  type Conversation,
} from '../../../fixtures/traces/read-conversations.js';
import { packet } from '../../../support/packet-builder.js';

const conversations = readConversations();

function streamOf({ packets }: Conversation): Buffer {
  const sent = packets.filter(({ from }) => from === 'mta');
  return Buffer.concat(sent.map(({ command, payload }) => packet(command, payload)));
}

/** Everything that is decoded from these chunks, one line for each packet. */
function decodeAll(chunks: Iterable<Buffer>): string[] {
  const framer = new PacketFramer(1024 * 1024);
  const found: string[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    while (framer.next()) {
      const name = commandOfByte(framer.command);
      assert.ok(name !== undefined);
      const reader = new PayloadReader(framer.buffer, framer.payloadStart, framer.payloadEnd);
      found.push(`${name} ${JSON.stringify(commandTable[name].decode(reader))}`);
    }
  }
  assert.equal(framer.bufferedBytes, 0);
  return found;
}

function* cut(stream: Buffer, bytesOf: () => number): Generator<Buffer> {
  for (let at = 0; at < stream.length;) {
    const end = Math.min(at + bytesOf(), stream.length);
    yield Buffer.from(stream.subarray(at, end));
    at = end;
  }
}

/** Numbers from 1 to `most`, always the same ones. */
function createDice(most: number): () => number {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 0x80000000;
    return 1 + (state % most);
  };
}

describe('what Sendmail and Postfix sent', () => {
  test('is recorded', () => {
    assert.equal(conversations.length, 441);
    const letters = new Set(
      conversations.flatMap(({ packets }) =>
        packets.filter(({ from }) => from === 'mta').map(({ command }) => command),
      ),
    );
    assert.equal([...letters].sort().join(''), 'ABCDEHLMNOQRTU');
  });

  test('decodes to the same whole, byte by byte and cut at random', () => {
    const dice = createDice(40);
    for (const conversation of conversations) {
      const stream = streamOf(conversation);
      const whole = decodeAll([stream]);
      const sent = conversation.packets.filter(({ from }) => from === 'mta').length;
      assert.equal(whole.length, sent);
      assert.deepEqual(decodeAll(cut(stream, () => 1)), whole, conversation.name);
      assert.deepEqual(decodeAll(cut(stream, dice)), whole, conversation.name);
      assert.deepEqual(decodeAll(cut(stream, () => dice() * 500)), whole, conversation.name);
    }
  });

  test('decodes to the same with each packet split at every byte', () => {
    const different = new Set(
      conversations.flatMap(({ packets }) =>
        packets
          .filter(({ from }) => from === 'mta')
          .map(({ command, payload }) => packet(command, payload).toString('latin1')),
      ),
    );
    for (const text of different) {
      const bytes = Buffer.from(text, 'latin1');
      const [whole] = decodeAll([bytes]);
      // Behind the first ones a cut inside a large body chunk is like any other.
      const cuts =
        bytes.length > 4096 ? [...Array(64).keys(), 4096, bytes.length - 1] : bytes.keys();
      for (const at of cuts) {
        const halves = [bytes.subarray(0, at), bytes.subarray(at)];
        const [split] = decodeAll(halves.map((half) => Buffer.from(half)));
        assert.equal(split, whole, `${bytes.toString('latin1', 4, 40)} cut at ${at}`);
      }
    }
  });
});
