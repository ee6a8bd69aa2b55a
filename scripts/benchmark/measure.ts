import { filterAddress } from './address.js';
import { openIdle } from './idle.js';
import type { LoadOrder } from './load.js';
import { cpuMicroseconds, cpuTicks, memoryOf, type CpuTicks } from './process-cost.js';
import type { LoadProcess } from './processes.js';
import { median } from './statistics.js';
import type { CallCounter } from './system-calls.js';

/** One row of the table: a filter under a kind of load. */
export interface Contestant {
  readonly name: string;
  /** Undefined if it is not known which process it is. */
  readonly subject: { readonly pid: number | undefined };
  /** The next order; each of a kind that makes triplets gets fresh ones. */
  readonly order: (sessions: number, atOnce: number) => LoadOrder;
  /** Connections beside it that say nothing; opening them is not counted. */
  readonly idle?: number;
  /** Of the sessions of a turn, for what is much slower than the others; all without it. */
  readonly part?: number;
  /** The name of the contestant that it is compared with; the first one without it. */
  readonly against?: string;
}

/** What one turn came to, for each session. */
export interface Turn {
  /** NaN, and null in JSON, if the process is not known. */
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** A turn beside that of the same round of what it is compared with. */
export interface ComparedTurn extends Turn {
  readonly speedRatio: number;
  readonly cpuRatio: number;
  readonly p50Ratio: number;
}

/** The medians of all turns. */
export interface Measured {
  readonly name: string;
  /** The name of what it is compared with; not in old reports. */
  readonly against?: string;
  readonly atOnce: number;
  /** Of each session, or request. */
  readonly recipients: number;
  readonly sessionsPerSecond: number;
  readonly speedRatio: number;
  readonly cpuUsPerSession: number;
  /** Of the CPU time, from 0 to 1. */
  readonly systemPart: number;
  readonly cpuRatio: number;
  readonly p50Us: number;
  readonly p50Ratio: number;
  readonly p99Us: number;
  readonly p999Us: number;
  /** System calls of a session; NaN, and null in JSON, if they could not be counted. */
  readonly callsPerSession: number;
  readonly residentBytes: number;
  readonly anonBytes: number;
  readonly turns: readonly ComparedTurn[];
}

/** How long is measured. */
export interface Effort {
  readonly rounds: number;
  readonly sessions: number;
  readonly atOnce: number;
}

/** What is measured with. */
export interface Instruments {
  readonly load: Pick<LoadProcess, 'run'>;
  /** Counts system calls, in a round of its own; without it they are not counted. */
  readonly calls?: CallCounter | undefined;
}

/** At most; each system call is slow while they are counted, and a few hundred tell as much. */
const countedSessions = 500;

/**
 * Lets the contestants take turns, round after round, so that what the machine does meanwhile hits
 * all of them. What a row is compared with has to stand before it.
 */
export async function measure(
  { load, calls }: Instruments,
  contestants: readonly Contestant[],
  effort: Effort,
): Promise<readonly Measured[]> {
  for (const contestant of contestants) await takeTurn(load, contestant, effort);
  const all = contestants.map((contestant) => new Turns(contestant));
  for (let round = 0; round < effort.rounds; round++) {
    for (const turns of all) await turns.take(load, effort);
  }
  const rows: Measured[] = [];
  for (const turns of all) {
    const callsPerSession =
      calls === undefined ? NaN : await countCalls(load, turns.contestant, { calls, effort });
    rows.push({ ...turns.sum(all), atOnce: effort.atOnce, callsPerSession });
  }
  return rows;
}

/** The turns of one contestant. */
class Turns {
  readonly contestant: Contestant;
  readonly #turns: Turn[] = [];
  readonly #ticks: { user: number; system: number } = { user: 0, system: 0 };

  constructor(contestant: Contestant) {
    this.contestant = contestant;
  }

  async take(load: Instruments['load'], effort: Effort): Promise<void> {
    const { pid } = this.contestant.subject;
    const before = ticksOf(pid);
    this.#turns.push(await takeTurn(load, this.contestant, effort));
    const after = ticksOf(pid);
    this.#ticks.user += after.user - before.user;
    this.#ticks.system += after.system - before.system;
  }

  /** @param all among which is what it is compared with */
  sum(all: readonly Turns[]): Omit<Measured, 'atOnce' | 'callsPerSession'> {
    const { name, subject, order, against } = this.contestant;
    const other = all.find(({ contestant }) => contestant.name === against) ?? all[0] ?? this;
    const turns = this.#turns.map((turn, round) => compared(turn, other.#turns[round] ?? turn));
    const middle = (figure: keyof ComparedTurn): number =>
      median(turns.map((turn) => turn[figure]));
    const { user, system } = this.#ticks;
    const memory = subject.pid === undefined ? undefined : memoryOf(subject.pid);
    const { recipients = 1 } = { recipients: undefined, ...order(0, 1) };
    return {
      name,
      against: other.contestant.name,
      recipients,
      sessionsPerSecond: middle('perSecond'),
      speedRatio: middle('speedRatio'),
      cpuUsPerSession: middle('cpuUs'),
      systemPart: system / (user + system),
      cpuRatio: middle('cpuRatio'),
      p50Us: middle('p50'),
      p50Ratio: middle('p50Ratio'),
      p99Us: middle('p99'),
      p999Us: middle('p999'),
      residentBytes: memory?.residentBytes ?? NaN,
      anonBytes: memory?.anonBytes ?? NaN,
      turns,
    };
  }
}

function compared(turn: Turn, other: Turn): ComparedTurn {
  return {
    ...turn,
    speedRatio: turn.perSecond / other.perSecond,
    cpuRatio: turn.cpuUs / other.cpuUs,
    p50Ratio: turn.p50 / other.p50,
  };
}

async function takeTurn(
  load: Instruments['load'],
  { subject: { pid }, order, part = 1, idle = 0 }: Contestant,
  { sessions: all, atOnce }: Effort,
): Promise<Turn> {
  const sessions = Math.max(Math.ceil(all * part), atOnce);
  const sockets = await openIdle(filterAddress(order(0, 1).path), idle);
  // The filter has taken them all when it answers who comes behind them; what it has made of them is young still,
  // and would be moved about by the garbage collector while we measure.
  if (idle > 0) await load.run(order(sessions, atOnce));
  const before = pid === undefined ? NaN : cpuMicroseconds(pid);
  const { seconds, answerUs } = await load.run(order(sessions, atOnce));
  const after = pid === undefined ? NaN : cpuMicroseconds(pid);
  for (const socket of sockets) socket.destroy();
  const { p50, p99, p999 } = answerUs;
  return { cpuUs: (after - before) / sessions, perSecond: sessions / seconds, p50, p99, p999 };
}

function ticksOf(pid: number | undefined): CpuTicks {
  return pid === undefined ? { user: NaN, system: NaN } : cpuTicks(pid);
}

async function countCalls(
  load: Instruments['load'],
  { subject, order, part = 1 }: Contestant,
  { calls, effort }: { readonly calls: CallCounter; readonly effort: Effort },
): Promise<number> {
  if (subject.pid === undefined) return NaN;
  const sessions = Math.ceil(Math.min(countedSessions, effort.sessions) * part);
  const turn = order(sessions, Math.min(sessions, effort.atOnce));
  return (await calls.count(subject.pid, () => load.run(turn))) / sessions;
}
