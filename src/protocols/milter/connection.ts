import type { Duplex } from 'node:stream';
import { commandOfByte } from './commands.js';
import { MilterProtocolError } from './errors.js';
import type { CommandName, EventName } from './events.js';
import type { MilterIncident } from './filter.js';
import { FilterSession, type SessionHost } from './filter-session.js';
import type { MilterLimits } from './limits.js';
import { PacketFramer } from './packet-framer.js';
import { PayloadReader } from './payload-reader.js';
import type { PreparedFilter } from './prepared-filter.js';

/** Where a connection reports what its MTA never hears of. Calls must not throw. */
export interface ConnectionObserver {
  incident(kind: MilterIncident, command: CommandName): void;
  /** A handler threw, rejected, or took too long. */
  handlerFailed(event: EventName | 'abort' | 'close', error: unknown): void;
  /** Once, at the end; with the error that ended it, if one did. */
  closed(error: MilterProtocolError | undefined): void;
}

/** `closing`: we are done with it, the MTA is still to close its side. */
type ConnectionPhase = 'open' | 'closing';

/** How long an MTA may take to close a connection that we have ended. */
const lingerMs = 10_000;

/**
 * One connection from an MTA: a loop over what was read, and one write for each turn of it. While a
 * handler is thinking nothing else is decoded, so answers cannot overtake each other; but reading
 * goes on, up to a bound, so that an MTA that goes away is noticed.
 */
export class MilterConnection<Session> implements SessionHost<Session> {
  readonly #socket: Duplex;
  readonly #limits: MilterLimits;
  readonly #observer: ConnectionObserver;
  readonly #framer: PacketFramer;
  readonly #session: FilterSession<Session>;
  readonly #clock: () => number;
  readonly prepare: () => PreparedFilter<Session>;
  #phase: ConnectionPhase = 'open';
  #error: MilterProtocolError | undefined;
  #output: Buffer[] = [];
  #isLooping = false;
  #waitingSinceMs: number;

  /** @param options.clock monotonic milliseconds; coarse is good enough */
  constructor(options: {
    readonly socket: Duplex;
    readonly prepare: () => PreparedFilter<Session>;
    readonly limits: MilterLimits;
    readonly observer: ConnectionObserver;
    readonly clock: () => number;
  }) {
    this.#socket = options.socket;
    this.#limits = options.limits;
    this.#observer = options.observer;
    this.#clock = options.clock;
    this.prepare = options.prepare;
    this.#framer = new PacketFramer(options.limits.packetBytes);
    this.#session = new FilterSession(this, options.limits);
    this.#waitingSinceMs = options.clock();
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => this.#closed());
    // What breaks a connection is told by the close that follows it.
    this.#socket.on('error', () => undefined);
  }

  /** Looks at the timers; called every second or so, which is exact enough for both. */
  tick(): void {
    const waitedMs = this.#clock() - this.#waitingSinceMs;
    if (this.#phase !== 'open') {
      if (waitedMs >= lingerMs) this.#socket.destroy();
    } else if (this.#session.isPending) {
      if (waitedMs >= this.#limits.answerMs) this.#session.giveUp();
    } else if (waitedMs >= this.#limits.idleMs) {
      this.#finish(new MilterProtocolError('MILTER_IDLE', `nothing for ${this.#limits.idleMs} ms`));
    }
  }

  /** Ends the connection now. */
  destroy(): void {
    this.#finish(undefined);
    this.#socket.destroy();
  }

  send(packet: Buffer): void {
    if (this.#phase !== 'open') return;
    this.#output.push(packet);
    if (!this.#isLooping) this.#flush();
  }

  resume(): void {
    this.#loop();
    if (this.#socket.isPaused() && !this.#isFull) this.#socket.resume();
  }

  incident(kind: MilterIncident, command: CommandName): void {
    this.#observer.incident(kind, command);
  }

  handlerFailed(event: EventName | 'abort' | 'close', error: unknown): void {
    this.#observer.handlerFailed(event, error);
  }

  #read(chunk: Buffer): void {
    if (this.#phase !== 'open') return;
    this.#framer.push(chunk);
    if (!this.#session.isPending) {
      this.#waitingSinceMs = this.#clock();
      this.#loop();
    }
    if (this.#isFull) this.#socket.pause();
  }

  // Only what waits behind a handler counts: a packet of the limit itself may be incomplete.
  get #isFull(): boolean {
    return this.#session.isPending && this.#framer.bufferedBytes > this.#limits.packetBytes;
  }

  #loop(): void {
    this.#isLooping = true;
    try {
      while (this.#phase === 'open' && !this.#session.isPending && this.#framer.next()) {
        this.#takePacket();
      }
    } catch (error) {
      this.#finish(asProtocolError(error));
    } finally {
      this.#isLooping = false;
    }
    this.#flush();
  }

  #takePacket(): void {
    const { buffer, command: byte, payloadStart, payloadEnd } = this.#framer;
    const command = commandOfByte(byte);
    if (command === undefined) {
      const shown = byte.toString(16).padStart(2, '0');
      throw new MilterProtocolError('MILTER_UNKNOWN_COMMAND', `unknown command 0x${shown}`);
    }
    const goesOn = this.#session.take(command, new PayloadReader(buffer, payloadStart, payloadEnd));
    if (!goesOn) this.#finish(undefined);
  }

  #flush(): void {
    const [first] = this.#output;
    if (first === undefined) return;
    const bytes = this.#output.length === 1 ? first : Buffer.concat(this.#output);
    this.#output = [];
    this.#waitingSinceMs = this.#clock();
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#limits.unreadBytes) {
      this.#finish(new MilterProtocolError('MILTER_PEER_NOT_READING', 'answers are not read'));
    }
  }

  #ended(): void {
    if (this.#phase !== 'open') return;
    const isCut = this.#framer.bufferedBytes > 0 && !this.#session.isPending;
    this.#finish(
      isCut
        ? new MilterProtocolError('MILTER_PACKET_TRUNCATED', 'connection ended inside a packet')
        : undefined,
    );
  }

  // An MTA that is gone may still have an answer on its way to it: what is written is not taken back.
  #finish(error: MilterProtocolError | undefined): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#error = error;
    this.#flush();
    this.#waitingSinceMs = this.#clock();
    this.#session.end();
    this.#framer.clear();
    if (error === undefined) this.#socket.end();
    else this.#socket.destroy();
  }

  #closed(): void {
    this.#ended();
    this.#observer.closed(this.#error);
  }
}

function asProtocolError(error: unknown): MilterProtocolError {
  if (error instanceof MilterProtocolError) return error;
  return new MilterProtocolError('MILTER_INTERNAL', 'bug: the connection cannot go on', {
    cause: error,
  });
}
