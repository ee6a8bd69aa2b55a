import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as build from './packet-builder.js';
import { parseChange, parseReply, type Change, type PeerReply } from './filter-answer.js';

/** What both ends agreed on, and the macro lists (by stage number) that the filter asked for. */
export interface Negotiated {
  readonly version: number;
  readonly actions: number;
  readonly steps: number;
  readonly macroLists: ReadonlyMap<number, string>;
}

/** The answer to the end of a message. */
export interface EndOfMessageReply {
  readonly changes: readonly Change[];
  readonly progress: number;
  readonly reply: PeerReply;
}

/** Which agreed flag keeps an event from being sent, which one from being answered. */
const eventFlags: Readonly<Record<string, { readonly no: number; readonly nr: number }>> = {
  C: { no: 0x1, nr: 0x1000 },
  H: { no: 0x2, nr: 0x2000 },
  M: { no: 0x4, nr: 0x4000 },
  R: { no: 0x8, nr: 0x8000 },
  B: { no: 0x10, nr: 0x80000 },
  L: { no: 0x20, nr: 0x80 },
  N: { no: 0x40, nr: 0x40000 },
  U: { no: 0x100, nr: 0x20000 },
  T: { no: 0x200, nr: 0x10000 },
};

/** From which version on an event exists. */
const sinceVersion: Readonly<Record<string, number>> = { U: 3, T: 4 };

/**
 * The MTA's end of one milter connection, for tests. A method per stage; each sends its event unless
 * that was negotiated away, and returns the filter's answer, or undefined if none is to come. An
 * answer that nobody asked for, one that is malformed and one that does not come in time are errors.
 */
export class MtaPeer {
  readonly #stream: Duplex;
  readonly #withinMs: number;
  #agreed: Negotiated = { version: 6, actions: 0, steps: 0, macroLists: new Map() };
  #bytes = Buffer.alloc(0);
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(stream: Duplex, { withinMs = 60_000 }: { readonly withinMs?: number } = {}) {
    this.#stream = stream;
    this.#withinMs = withinMs;
    stream.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    for (const event of ['end', 'close', 'error']) {
      stream.on(event, () => {
        this.#isOver = true;
        this.#wake();
      });
    }
  }

  /** Connects to a filter. */
  static async connect(
    where: { readonly path: string } | { readonly port: number; readonly host?: string },
    options: { readonly withinMs?: number } = {},
  ): Promise<MtaPeer> {
    const socket = openSocket('path' in where ? where : { host: '127.0.0.1', ...where });
    await once(socket, 'connect');
    return new MtaPeer(socket, options);
  }

  /** Offers what today's MTAs do, or less. */
  async negotiate(version = 6, actions = 0x1ff, steps = 0x1fffff): Promise<Negotiated> {
    this.write(build.offer(version, actions, steps));
    const { command, payload } = await this.#next();
    if (command !== 'O') throw new Error(`${command} is not the answer to a negotiation`);
    this.#agreed = {
      version: payload.readUInt32BE(0),
      actions: payload.readUInt32BE(4),
      steps: payload.readUInt32BE(8),
      macroLists: macroListsIn(payload.subarray(12)),
    };
    const more = (this.#agreed.actions & ~actions) | (this.#agreed.steps & ~steps);
    if (this.#agreed.version > version || more !== 0) throw new Error('more than was offered');
    return this.#agreed;
  }

  /** Sends macros for the event with this letter; MTAs do so even if the event is suppressed. */
  macros(letter: string, values: Readonly<Record<string, string>>): void {
    this.write(build.macros(letter, values));
  }

  connectEvent(
    hostName: string,
    address: string,
    more: { readonly family?: string; readonly port?: number } = {},
  ): Promise<PeerReply | undefined> {
    return this.event('C', build.connect(hostName, address, more));
  }

  helo(name: string): Promise<PeerReply | undefined> {
    return this.event('H', build.helo(name));
  }

  mail(address: string, ...args: readonly string[]): Promise<PeerReply | undefined> {
    return this.event('M', build.mail(address, ...args));
  }

  rcpt(address: string, ...args: readonly string[]): Promise<PeerReply | undefined> {
    return this.event('R', build.rcpt(address, ...args));
  }

  data(): Promise<PeerReply | undefined> {
    return this.event('T', build.data());
  }

  header(name: string, value: string): Promise<PeerReply | undefined> {
    return this.event('L', build.header(name, value));
  }

  eoh(): Promise<PeerReply | undefined> {
    return this.event('N', build.eoh());
  }

  body(chunk: build.Part): Promise<PeerReply | undefined> {
    return this.event('B', build.body(chunk));
  }

  unknown(line: string): Promise<PeerReply | undefined> {
    return this.event('U', build.unknown(line));
  }

  async eom(): Promise<EndOfMessageReply> {
    this.#expectSilence();
    this.write(build.eom());
    const changes: Change[] = [];
    for (let progress = 0; ;) {
      const answer = await this.#next();
      const change = parseChange(answer);
      if (change !== undefined) changes.push(change);
      else if (answer.command === 'p') progress++;
      else return { changes, progress, reply: parseReply(answer) };
    }
  }

  /** Ends the message without a verdict; never answered. */
  abort(): void {
    this.#expectSilence();
    this.write(build.abort());
  }

  /** Another SMTP session is to follow on this connection; never answered. */
  quitNc(): void {
    this.#expectSilence();
    this.write(build.quitNc());
  }

  /** Ends the session, and waits until the filter has closed the connection. */
  async quit(): Promise<void> {
    this.#expectSilence();
    this.write(build.quit());
    await this.closed();
    this.#expectSilence();
    this.drop();
  }

  /** Goes away without a word. */
  drop(): void {
    this.#stream.destroy();
  }

  /** Waits until the filter has closed the connection. */
  async closed(): Promise<void> {
    await this.#until(() => this.#isOver, 'the filter has not closed the connection');
  }

  /** Sends an event as its letter's flags say, and returns the answer, if there is to be one. */
  async event(letter: string, bytes: Buffer): Promise<PeerReply | undefined> {
    this.#expectSilence();
    const { no, nr } = eventFlags[letter] ?? { no: 0, nr: 0 };
    const { steps, version } = this.#agreed;
    if ((steps & no) !== 0 || version < (sinceVersion[letter] ?? 2)) return undefined;
    this.write(bytes);
    return (steps & nr) === 0 ? parseReply(await this.#next()) : undefined;
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  #expectSilence(): void {
    if (this.#bytes.length > 0) {
      throw new Error(`not asked for: ${this.#bytes.toString('latin1', 4, 20)}`);
    }
  }

  async #next(): Promise<{ command: string; payload: Buffer }> {
    await this.#until(() => this.#isOver || this.#packetBytes() !== undefined, 'no answer');
    const end = this.#packetBytes();
    if (end === undefined) throw new Error('the filter closed the connection');
    const [packet] = build.splitPackets(this.#bytes.subarray(0, end));
    this.#bytes = this.#bytes.subarray(end);
    if (packet === undefined) throw new Error('a packet of length 0');
    return packet;
  }

  /** How long the first packet is, length word included; undefined if it is not all there. */
  #packetBytes(): number | undefined {
    if (this.#bytes.length < 4) return undefined;
    const end = 4 + this.#bytes.readUInt32BE(0);
    return this.#bytes.length < end ? undefined : end;
  }

  async #until(isDone: () => boolean, problem: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${problem} within ${this.#withinMs} ms`));
      }, this.#withinMs);
    });
    try {
      while (!isDone()) {
        const change = new Promise<void>((resolve) => (this.#wake = resolve));
        await Promise.race([change, late]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function macroListsIn(bytes: Buffer): Map<number, string> {
  const lists = new Map<number, string>();
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at + 4);
    lists.set(bytes.readUInt32BE(at), bytes.toString('utf8', at + 4, end));
    at = end + 1;
  }
  return lists;
}
