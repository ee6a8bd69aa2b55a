import type { Duplex } from 'node:stream';
import { commandOfByte } from './commands.js';
import { MilterProtocolError } from './errors.js';
import type { CommandName, EventName } from './events.js';
import type { MilterIncident } from './filter.js';
import { FilterSession, type SessionHost } from './filter-session.js';
import type { KeptConnection } from '../connections/open-connections.js';
import { restMs } from '../connections/rest.js';
import type { MilterLimits } from './limits.js';
import type { Agreement } from './negotiation.js';
import { PacketFramer } from './packet-framer.js';
import { PayloadReader } from './payload-reader.js';
import type { PreparedFilter } from './prepared-filter.js';

/** What connections have in common, and where they report. The reports must not throw. */
export interface ConnectionHost<Session> {
  /** The filter of the moment. */
  prepare(): PreparedFilter<Session>;
  /** Monotonic milliseconds; coarse is good enough. */
  now(): number;
  incident(kind: MilterIncident, command: CommandName): void;
  negotiated(agreement: Agreement): void;
  /** A handler takes its time: {@link MilterConnection.tick} has to be called soon. */
  thinking(): void;
  /** A handler threw, rejected, or took too long. */
  handlerFailed(event: EventName | 'abort' | 'close', error: unknown): void;
  /** Once, at the end; with the error that ended it, if one did. */
  closed(connection: MilterConnection<Session>, error: MilterProtocolError | undefined): void;
}

/** `closing`: we are done with it, the MTA is still to close its side. */
type ConnectionPhase = 'open' | 'closing';

/** How long an MTA may take to close a connection that we have ended. */
const lingerMs = 10_000;

/**
 * Packets of one connection in one turn of the event loop. No MTA has so many for us at once; who has lets
 * all others go first.
 */
const turnPackets = 100;

/**
 * One connection from an MTA: a loop over what was read, and one write for each turn of it. While a
 * handler is thinking nothing else is decoded, so answers cannot overtake each other; but reading
 * goes on, up to a bound, so that an MTA that goes away is noticed.
 */
export class MilterConnection<Session> implements SessionHost<Session>, KeptConnection {
  place = -1;
  readonly #socket: Duplex;
  readonly #limits: MilterLimits;
  readonly #host: ConnectionHost<Session>;
  readonly #framer: PacketFramer;
  readonly #session: FilterSession<Session>;
  #phase: ConnectionPhase = 'open';
  #error: MilterProtocolError | undefined;
  #output: Buffer[] = [];
  #isLooping = false;
  /** What was read is not all taken: it goes on later. */
  #isResting = false;
  #waitingSinceMs: number;

  /** @param limits as they are now; later ones are for later connections */
  constructor(socket: Duplex, host: ConnectionHost<Session>, limits: MilterLimits) {
    this.#socket = socket;
    this.#host = host;
    this.#limits = limits;
    this.#framer = new PacketFramer(limits.packetBytes);
    this.#session = new FilterSession(this, limits);
    this.#waitingSinceMs = host.now();
    // What was said before the end is answered, later if it was much.
    this.#socket.allowHalfOpen = true;
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('end', () => this.#endOfInput());
    this.#socket.on('close', () => this.#closed());
    // What breaks a connection is told by the close that follows it.
    this.#socket.on('error', () => undefined);
  }

  /**
   * Looks at the timers, which are as exact as this is called often.
   *
   * @returns whether a handler is thinking
   */
  tick(): boolean {
    const waitedMs = this.#host.now() - this.#waitingSinceMs;
    if (this.#phase !== 'open') {
      if (waitedMs >= lingerMs) this.#socket.destroy();
    } else if (this.#session.isPending) {
      if (waitedMs >= this.#limits.answerMs + this.#session.allowedMs) this.#session.giveUp();
    } else if (waitedMs >= this.#limits.idleMs) {
      this.#finish(new MilterProtocolError('MILTER_IDLE', `nothing for ${this.#limits.idleMs} ms`));
    } else if (waitedMs >= this.#limits.packetMs && this.#isAwaitingRest) {
      const problem = `no offer, or an incomplete packet, for ${this.#limits.packetMs} ms`;
      this.#finish(new MilterProtocolError('MILTER_PEER_SLOW', problem));
    }
    return this.#session.isPending;
  }

  /** Ends the connection now. */
  destroy(): void {
    this.#finish(undefined);
    this.#socket.destroy();
  }

  prepare(): PreparedFilter<Session> {
    return this.#host.prepare();
  }

  send(packet: Buffer): void {
    if (this.#phase !== 'open') return;
    this.#output.push(packet);
    if (!this.#isLooping) this.#flush();
  }

  resume(): void {
    this.#loop();
    this.#readOn();
  }

  incident(kind: MilterIncident, command: CommandName): void {
    this.#host.incident(kind, command);
  }

  negotiated(agreement: Agreement): void {
    this.#host.negotiated(agreement);
  }

  handlerFailed(event: EventName | 'abort' | 'close', error: unknown): void {
    this.#host.handlerFailed(event, error);
  }

  #read(chunk: Buffer): void {
    if (this.#phase !== 'open') return;
    // A trickle of bytes does not make the time for a packet any longer.
    const isRest = this.#isAwaitingRest;
    this.#framer.push(chunk);
    if (!this.#session.isPending && !this.#isResting) {
      if (!isRest) this.#waitingSinceMs = this.#host.now();
      this.#loop();
    }
    if (this.#isFull) this.#socket.pause();
  }

  get #isAwaitingRest(): boolean {
    return this.#framer.bufferedBytes > 0 || !this.#session.isNegotiated;
  }

  // Only what waits behind a handler counts: a packet of the limit itself may be incomplete.
  get #isFull(): boolean {
    return this.#session.isPending && this.#framer.bufferedBytes > this.#limits.packetBytes;
  }

  get #isTaking(): boolean {
    return this.#phase === 'open' && !this.#session.isPending && !this.#isResting;
  }

  /** Goes on after a rest, and reads nothing until then. */
  #rest(): void {
    this.#isResting = true;
    this.#socket.pause();
    setTimeout(() => {
      this.#isResting = false;
      this.#loop();
      this.#readOn();
      if (this.#socket.readableEnded) this.#endOfInput();
    }, restMs);
  }

  #readOn(): void {
    if (this.#socket.isPaused() && !this.#isFull && !this.#isResting) this.#socket.resume();
  }

  #loop(): void {
    let left = turnPackets;
    this.#isLooping = true;
    try {
      while (this.#isTaking && this.#framer.next()) {
        this.#takePacket();
        if (--left === 0) this.#rest();
      }
    } catch (error) {
      this.#finish(asProtocolError(error));
    } finally {
      this.#isLooping = false;
    }
    this.#flush();
    if (this.#session.isPending) {
      this.#host.thinking();
      this.#waitingSinceMs = this.#host.now();
    }
  }

  #takePacket(): void {
    const { buffer, command: byte, payloadStart, payloadEnd } = this.#framer;
    const command = commandOfByte(byte);
    if (command === undefined) {
      const shown = byte.toString(16).padStart(2, '0');
      throw new MilterProtocolError('MILTER_UNKNOWN_COMMAND', `unknown command 0x${shown}`);
    }
    this.#waitingSinceMs = this.#host.now();
    const goesOn = this.#session.take(command, new PayloadReader(buffer, payloadStart, payloadEnd));
    if (!goesOn) this.#finish(undefined);
  }

  #flush(): void {
    const [first] = this.#output;
    if (first === undefined) return;
    const bytes = this.#output.length === 1 ? first : Buffer.concat(this.#output);
    this.#output = [];
    this.#waitingSinceMs = this.#host.now();
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#limits.unreadBytes) {
      this.#finish(new MilterProtocolError('MILTER_PEER_NOT_READING', 'answers are not read'));
    }
  }

  // A stream that has been read to its end may say so while it is paused.
  #endOfInput(): void {
    if (!this.#isResting) this.#ended();
  }

  #ended(): void {
    if (this.#phase !== 'open') return;
    const isCut = this.#framer.bufferedBytes > 0 && this.#isTaking;
    this.#finish(
      isCut
        ? new MilterProtocolError('MILTER_PACKET_TRUNCATED', 'connection ended inside a packet')
        : undefined,
    );
  }

  // An MTA that is gone may still have an answer on its way to it: what is written is not taken back.
  // With nothing to write there is nothing to shut down either, which spares two system calls.
  #finish(error: MilterProtocolError | undefined): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#error = error;
    this.#flush();
    this.#waitingSinceMs = this.#host.now();
    this.#session.end();
    this.#framer.clear();
    if (error === undefined && this.#socket.writableLength > 0) this.#socket.end();
    else this.#socket.destroy();
  }

  // Node.js keeps closed sockets for some time; what they listen with need not stay as long.
  #closed(): void {
    this.#ended();
    this.#socket.removeAllListeners();
    this.#host.closed(this, this.#error);
  }
}

function asProtocolError(error: unknown): MilterProtocolError {
  if (error instanceof MilterProtocolError) return error;
  return new MilterProtocolError('MILTER_INTERNAL', 'bug: the connection cannot go on', {
    cause: error,
  });
}
