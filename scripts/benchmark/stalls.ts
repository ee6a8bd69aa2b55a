import { setTimeout as pause } from 'node:timers/promises';
import type { Activity, Admin } from './admin-requests.js';
import type { LoadOrder } from './load.js';
import type { LoadProcess } from './processes.js';

/** How slow answers are while something else goes on. */
export interface Stall {
  readonly name: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  /** From the beginning of the session, with all that is said before RCPT. */
  readonly sessionP999Us: number;
}

/** How slow answers of a turn are while something is done again and again. */
export async function measureStall(
  load: Pick<LoadProcess, 'run'>,
  order: LoadOrder,
  {
    name,
    admin,
    act,
    until,
  }: {
    readonly name: string;
    readonly admin: Admin;
    readonly act?: Activity;
    /** The turn ends with that, even if not all of its sessions have begun. */
    readonly until?: Promise<unknown>;
  },
): Promise<Stall> {
  const going = repeat(act ?? (() => pause(100)), admin);
  const { answerUs, sessionUs } = await load.run(order, until).finally(() => going.stop());
  const { p50, p99, p999, max } = answerUs;
  const sessionP999Us = sessionUs.p999;
  return { name, p50Us: p50, p99Us: p99, p999Us: p999, maxUs: max, sessionP999Us };
}

/** Does something again and again until it is stopped; what is under way then is left. */
function repeat(act: Activity, admin: Admin): { stop(): Promise<void> } {
  const over = new AbortController();
  const going = (async () => {
    const isOver = (): boolean => over.signal.aborted;
    while (!isOver()) {
      try {
        await act(admin, over.signal);
      } catch (error) {
        // What is left before its end fails, as it should.
        if (!isOver()) throw error;
      }
    }
  })();
  // Whoever stops it hears of it.
  going.catch(() => undefined);
  return {
    stop: async () => {
      over.abort();
      await going;
    },
  };
}
