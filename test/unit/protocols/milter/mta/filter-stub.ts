import { duplexPair, type Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { MtaSession } from '../../../../../src/protocols/milter/mta/mta-session.js';
import type { MtaSessionOptions } from '../../../../../src/protocols/milter/mta/mta-options.js';
import { mtaProfiles } from '../../../../../src/protocols/milter/mta/profiles.js';
import { PacketFramer } from '../../../../../src/protocols/milter/packet-framer.js';
import { packet, uint32 } from '../../../../support/packet-builder.js';

/** What a stub says to a packet; undefined for nothing. */
export type Says = (letter: string, payload: Buffer) => Buffer | undefined;

/** A filter that says what a test wants. */
export interface FilterStub {
  /** The MTA's end. */
  readonly stream: Duplex;
  /** The filter's end. */
  readonly end: Duplex;
  /** What came: letters, those of macros with their stage, `C DH H`. */
  readonly letters: readonly string[];
  readonly payloads: readonly string[];
}

const continues = packet('c');

/** The answer to an offer. */
export function agreeing(
  steps = 0,
  actions = 0x1ff,
  lists: string | Buffer = '',
  version = 6,
): Buffer {
  return packet('O', uint32(version), uint32(actions), uint32(steps), lists);
}

/** A macro list. */
export function macroList(stage: number, names: string): Buffer {
  return Buffer.concat([uint32(stage), Buffer.from(`${names}\0`)]);
}

/** Creates a filter; what `says` leaves open is `continue`, and agreement to anything. */
export function createStub(says: Says = () => undefined): FilterStub {
  const [stream, end] = duplexPair();
  const letters: string[] = [];
  const payloads: string[] = [];
  const framer = new PacketFramer(1024 * 1024);
  end.on('data', (chunk: Buffer) => {
    framer.push(chunk);
    while (framer.next()) {
      const letter = String.fromCharCode(framer.command);
      const payload = Buffer.from(framer.buffer.subarray(framer.payloadStart, framer.payloadEnd));
      letters.push(letter === 'D' ? `D${payload.toString('latin1', 0, 1)}` : letter);
      payloads.push(payload.toString('latin1'));
      const usual = letter === 'O' ? agreeing() : 'DAQK'.includes(letter) ? undefined : continues;
      const answer = says(letter, payload) ?? usual;
      if (answer !== undefined && answer.length > 0) end.write(answer);
    }
  });
  end.on('end', () => end.end());
  end.on('error', () => undefined);
  return { stream, end, letters, payloads };
}

/** Says nothing at all. */
export const silence = Buffer.alloc(0);

/** A session that has negotiated with a stub. */
export async function openSession(
  stub: FilterStub,
  options: Partial<MtaSessionOptions> = {},
): Promise<MtaSession> {
  const mta = new MtaSession(stub.stream, { profile: mtaProfiles.sendmail, ...options });
  await mta.open();
  return mta;
}

/** The client of most tests. */
export const client = {
  hostName: 'mail.example',
  family: 'inet',
  port: 40_000,
  address: '192.0.2.7',
} as const;

/** Lets both ends of a pair work. */
export async function settle(): Promise<void> {
  for (let count = 0; count < 5; count++) await turn();
}
