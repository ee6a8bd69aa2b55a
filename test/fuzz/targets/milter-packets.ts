import assert from 'node:assert/strict';
import { commandOfByte, commandTable } from '../../../src/protocols/milter/commands.js';
import { MilterProtocolError } from '../../../src/protocols/milter/errors.js';
import type { CommandName } from '../../../src/protocols/milter/events.js';
import type { AddressForm } from '../../../src/protocols/milter/encode-event.js';
import { PacketFramer } from '../../../src/protocols/milter/packet-framer.js';
import { PacketOutput } from '../../../src/protocols/milter/packet-output.js';
import { PayloadReader } from '../../../src/protocols/milter/payload-reader.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { piecesOf } from '../pieces.js';
import { recordedStreams } from '../recorded-streams.js';

const maxPacketBytes = 4096;

/** What a stream of packets comes to. */
interface Reading {
  readonly packets: readonly string[];
  readonly ending: string;
}

/** Frames and decoders: what is sent is cut up as written, and read, or refused by its code. */
export const milterPackets: FuzzTarget = {
  name: 'milter-packets',
  seeds: recordedStreams,
  words: [
    '\0',
    '<>',
    '<a@b>\0',
    'SIZE=1\0',
    'IPv6:',
    'unknown',
    '::ffff:192.0.2.1',
    '"',
    '\\"',
    'U',
  ],
  maxBytes: 6000,
  run: (input) => {
    assert.deepEqual(readByFramer(input), readAtOnce(input));
  },
};

function readByFramer(input: Buffer): Reading {
  const framer = new PacketFramer(maxPacketBytes);
  const packets: string[] = [];
  for (const piece of piecesOf(input)) {
    framer.push(Buffer.from(piece));
    try {
      while (framer.next()) {
        const { command, buffer, payloadStart, payloadEnd } = framer;
        decode(command, buffer.subarray(payloadStart, payloadEnd));
        packets.push(`${command} ${buffer.toString('hex', payloadStart, payloadEnd)}`);
      }
    } catch (error) {
      return { packets, ending: codeOf(error) };
    }
  }
  return { packets, ending: framer.bufferedBytes === 0 ? 'whole' : 'cut short' };
}

/** The same by the definition of a frame alone. */
function readAtOnce(input: Buffer): Reading {
  const packets: string[] = [];
  for (let at = 0; at < input.length;) {
    if (input.length - at < 4) return { packets, ending: 'cut short' };
    const length = input.readUInt32BE(at);
    if (length === 0) return { packets, ending: 'MILTER_PACKET_EMPTY' };
    if (length > maxPacketBytes) return { packets, ending: 'MILTER_PACKET_TOO_LONG' };
    if (input.length - at - 4 < length) return { packets, ending: 'cut short' };
    packets.push(`${input[at + 4]} ${input.toString('hex', at + 5, at + 4 + length)}`);
    at += 4 + length;
  }
  return { packets, ending: 'whole' };
}

function decode(byte: number, payload: Buffer): void {
  const command = commandOfByte(byte);
  if (command === undefined) return;
  try {
    for (const form of ['postfix', 'sendmail'] as const) readAgain(command, payload, form);
  } catch (error) {
    codeOf(error);
  }
}

/** What was read, written by an MTA, is read as the same. */
function readAgain(name: CommandName, payload: Buffer, form: AddressForm): void {
  // One row of the table: the types of what it reads and writes are the same, whichever it is.
  const { decode: read, encode: write } = commandTable[name] as (typeof commandTable)['helo'];
  const event = read(new PayloadReader(payload, 0, payload.length));
  const out = new PacketOutput();
  out.begin(0);
  write(event, out, form);
  out.end();
  const written = Buffer.concat(out.take());
  const again = read(new PayloadReader(written, 5, written.length));
  assert.deepEqual(asSent(again), asSent(event), name);
}

/** No MTA sends macros for no command, nor Sendmail the port of an address that it does not know. */
function asSent(event: object): object {
  if ('pairs' in event && 'command' in event && event.command === 0) return { ...event, pairs: '' };
  return 'family' in event && event.family === 'unknown' ? { ...event, port: 0 } : event;
}

function codeOf(error: unknown): string {
  if (error instanceof MilterProtocolError) return error.code;
  throw error;
}
