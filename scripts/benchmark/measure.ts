import type { LoadOrder } from './load.js';
import type { PolicyOrder } from './policy-load.js';
import { cpuMicroseconds, residentBytes } from './process-cost.js';
import type { LoadProcess, Subject } from './processes.js';
import { median } from './statistics.js';

/** One row of the table: a filter under a kind of load. */
export interface Contestant {
  readonly name: string;
  readonly subject: Subject;
  /** The next order; each of a kind that makes triplets gets fresh ones. */
  readonly order: (sessions: number, atOnce: number) => LoadOrder | PolicyOrder;
  /** Of the sessions of a turn, for what is much slower than the others; all without it. */
  readonly part?: number;
}

/** The medians of all turns. */
export interface Measured {
  readonly name: string;
  readonly atOnce: number;
  readonly sessionsPerSecond: number;
  readonly cpuUsPerSession: number;
  /** Against the first contestant's turn of the same round. */
  readonly cpuRatio: number;
  readonly p50Us: number;
  readonly p50Ratio: number;
  readonly p99Us: number;
  readonly residentBytes: number;
}

/** How long is measured. */
export interface Effort {
  readonly rounds: number;
  readonly sessions: number;
  readonly atOnce: number;
}

interface Turn {
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Lets the contestants take turns, round after round, so that what the machine does meanwhile hits
 * all of them. The first one is what the others are compared with.
 */
export async function measure(
  load: LoadProcess,
  contestants: readonly Contestant[],
  effort: Effort,
): Promise<readonly Measured[]> {
  const turns: Turn[][] = contestants.map(() => []);
  for (const contestant of contestants) await takeTurn(load, contestant, effort);
  for (let round = 0; round < effort.rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      turns[index]?.push(await takeTurn(load, contestant, effort));
    }
  }
  const [first = []] = turns;
  return contestants.map(({ name, subject }, index) => {
    const own = turns[index] ?? [];
    const against = (value: (turn: Turn) => number): number =>
      median(own.map((turn, round) => value(turn) / value(first[round] ?? turn)));
    return {
      name,
      atOnce: effort.atOnce,
      sessionsPerSecond: median(own.map((turn) => turn.perSecond)),
      cpuUsPerSession: median(own.map((turn) => turn.cpuUs)),
      cpuRatio: against((turn) => turn.cpuUs),
      p50Us: median(own.map((turn) => turn.p50)),
      p50Ratio: against((turn) => turn.p50),
      p99Us: median(own.map((turn) => turn.p99)),
      residentBytes: residentBytes(subject.pid),
    };
  });
}

async function takeTurn(
  load: LoadProcess,
  { subject, order, part = 1 }: Contestant,
  { sessions: all, atOnce }: Effort,
): Promise<Turn> {
  const sessions = Math.max(Math.ceil(all * part), atOnce);
  const before = cpuMicroseconds(subject.pid);
  const { seconds, answerUs } = await load.run(order(sessions, atOnce));
  return {
    cpuUs: (cpuMicroseconds(subject.pid) - before) / sessions,
    perSecond: sessions / seconds,
    p50: answerUs.p50,
    p99: answerUs.p99,
  };
}
