import type { Duplex } from 'node:stream';
import { MilterProtocolError } from '../errors.js';
import { PacketFramer } from '../packet-framer.js';
import { PacketOutput } from '../packet-output.js';
import { PayloadReader } from '../payload-reader.js';
import { faultError, type FilterFault } from './faults.js';
import { writeTogether, type WriteSegments } from './wire.js';

/** Reads the packets that answer one event. */
export interface PacketTaker {
  /**
   * Takes one packet.
   *
   * @returns whether the answer is complete
   * @throws MilterProtocolError for what ends the session
   */
  take(command: number, reader: PayloadReader): boolean;
}

/** How a channel behaves. */
export interface ChannelOptions {
  /** Between an event and each packet of its answer. */
  readonly answerMs: number;
  /** Between the first and the last packet of an answer. */
  readonly patienceMs: number;
  readonly maxPacketBytes: number;
  /** All packets of one answer together. */
  readonly maxAnswerBytes: number;
  readonly write?: WriteSegments | undefined;
  /** A fault was found; `tolerated` ones do not end the session. */
  readonly faultFound: (fault: FilterFault) => void;
  /** Faults that are put up with. */
  readonly tolerates: ReadonlySet<FilterFault>;
}

/** `leaving`: the connection was ended by us, and is still to be closed. */
type ChannelPhase = 'open' | 'leaving' | 'failed' | 'closed';

interface Pending {
  readonly taker: PacketTaker;
  /** When its first packet came; undefined before. */
  sinceMs: number | undefined;
  bytes: number;
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

/** Above this, packets that want no answer are sent without waiting for one that does. */
const flushBytes = 64 * 1024;

/**
 * A connection to a filter: packets out, gathered until an answer is wanted; packets in, each for the
 * event that waits. One timer, one promise for each answer. The first failure is the last: the
 * stream is closed, and every later question gets the same error.
 */
export class FilterChannel {
  readonly output = new PacketOutput();
  readonly #stream: Duplex;
  readonly #options: ChannelOptions;
  readonly #framer: PacketFramer;
  readonly #closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;
  #phase: ChannelPhase = 'open';
  #error: MilterProtocolError | undefined;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, options: ChannelOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#framer = new PacketFramer(options.maxPacketBytes);
    this.#closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('end', () => this.#lost());
    stream.on('close', () => this.#streamClosed());
    stream.on('error', (error) => this.#lost(error));
    // It tells nobody any more that it is over.
    if (stream.destroyed) this.#streamClosed();
  }

  /** What ended the session, if something did. */
  get error(): MilterProtocolError | undefined {
    return this.#error;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  /** An answer is being waited for. */
  get isAsking(): boolean {
    return this.#pending !== undefined;
  }

  /** Sends what was gathered, and waits until `taker` has its answer. */
  ask<Result>(taker: PacketTaker, result: () => Result): Promise<Result> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise<Result>((resolve, reject) => {
      const settle = (): void => resolve(result());
      this.#pending = { taker, sinceMs: undefined, bytes: 0, settle, reject };
      this.#restartTimer();
      this.flush();
      this.#drain();
    });
  }

  /** Sends what was gathered. */
  flush(): void {
    if (this.output.isEmpty) return;
    const segments = this.output.take();
    if (this.#phase === 'open') (this.#options.write ?? writeTogether)(this.#stream, segments);
  }

  /** Sends what was gathered if that is a lot. */
  flushIfLong(): void {
    if (this.output.pendingBytes >= flushBytes) this.flush();
  }

  /** Resolves when the stream takes more. */
  drained(): Promise<void> {
    if (!this.#stream.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.once('drain', resolve);
      void this.#closed.then(resolve);
    });
  }

  /** Names a fault. @throws MilterProtocolError unless it is put up with */
  blame(fault: FilterFault, detail: string): void {
    this.#options.faultFound(fault);
    if (!this.#options.tolerates.has(fault)) throw faultError(fault, detail);
  }

  /** Ends the session with an error. */
  fail(error: MilterProtocolError): void {
    if (this.#phase === 'failed' || this.#phase === 'closed') return;
    this.#phase = 'failed';
    this.#error = error;
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(this.#timer);
    this.#stream.destroy();
    this.#framer.clear();
    pending?.reject(error);
  }

  /** Cuts the connection without a word. */
  abandon(): void {
    this.fail(new MilterProtocolError('MILTER_SESSION_MISUSED', 'the session was abandoned'));
  }

  /**
   * Sends what was gathered and ends the connection.
   *
   * @returns resolves when it is closed, by the filter or after the time of one answer
   */
  async leave(): Promise<void> {
    if (this.#phase === 'open') {
      this.flush();
      this.#phase = 'leaving';
      this.#stream.end();
      this.#restartTimer();
    }
    await this.#closed;
    if (this.#error !== undefined) throw this.#error;
  }

  #read(chunk: Buffer): void {
    if (this.#error !== undefined) return;
    this.#framer.push(chunk);
    this.#drain();
  }

  #drain(): void {
    try {
      while (this.#pending !== undefined && this.#framer.next()) this.#takePacket(this.#pending);
      if (this.#pending === undefined && this.#framer.bufferedBytes > 0) this.#unasked();
    } catch (error) {
      this.fail(asProtocolError(error));
    }
  }

  #takePacket(pending: Pending): void {
    const { buffer, command, payloadStart, payloadEnd } = this.#framer;
    const reader = new PayloadReader(buffer, payloadStart, payloadEnd);
    if (pending.taker.take(command, reader)) {
      this.#pending = undefined;
      this.#timer?.unref();
      pending.settle();
    } else {
      this.#restartTimer();
      this.#checkPatience(pending, payloadEnd - payloadStart);
    }
  }

  // Neither a filter that never comes to an end nor one that has too much to say may hold the MTA.
  #checkPatience(pending: Pending, payloadBytes: number): void {
    const { patienceMs, maxAnswerBytes } = this.#options;
    pending.bytes += 5 + payloadBytes;
    if (pending.bytes > maxAnswerBytes) {
      const problem = `an answer of more than ${maxAnswerBytes} bytes`;
      throw new MilterProtocolError('MILTER_PACKET_TOO_LONG', problem);
    }
    const nowMs = performance.now();
    pending.sinceMs ??= nowMs;
    if (nowMs - pending.sinceMs > patienceMs) {
      throw new MilterProtocolError('MILTER_ANSWER_LATE', `no verdict within ${patienceMs} ms`);
    }
  }

  // What is put up with stays where it is, and is taken for the next event's answer, as by both MTAs;
  // but only as much as an answer may be long, and nothing once there is no next event.
  #unasked(): void {
    const problem = `${this.#framer.bufferedBytes} bytes that nobody asked for`;
    this.blame('answer-unexpected', problem);
    if (this.#phase === 'leaving') this.#framer.clear();
    else if (this.#framer.bufferedBytes > this.#options.maxPacketBytes) {
      throw new MilterProtocolError('MILTER_PACKET_TOO_LONG', problem);
    }
  }

  #lost(cause?: unknown): void {
    if (this.#phase !== 'open') return;
    const isCut = this.#framer.bufferedBytes > 0;
    this.fail(
      isCut
        ? new MilterProtocolError('MILTER_PACKET_TRUNCATED', 'the filter closed inside a packet')
        : new MilterProtocolError('MILTER_FILTER_GONE', 'the filter closed the connection', {
            cause,
          }),
    );
  }

  #streamClosed(): void {
    this.#lost();
    clearTimeout(this.#timer);
    if (this.#phase === 'leaving') this.#phase = 'closed';
    this.#resolveClosed();
  }

  #restartTimer(): void {
    if (this.#timer !== undefined) this.#timer.refresh().ref();
    else this.#timer = setTimeout(() => this.#late(), this.#options.answerMs);
  }

  #late(): void {
    if (this.#phase === 'leaving') {
      this.#stream.destroy();
    } else if (this.#pending !== undefined) {
      const { answerMs } = this.#options;
      this.fail(new MilterProtocolError('MILTER_ANSWER_LATE', `no answer within ${answerMs} ms`));
    }
  }
}

function asProtocolError(error: unknown): MilterProtocolError {
  if (error instanceof MilterProtocolError) return error;
  return new MilterProtocolError('MILTER_INTERNAL', 'a bug in the MTA end', { cause: error });
}
