import type { MachineClocks } from '../../src/daemon/process/steady-clock.js';

/** The clocks of a machine that a test sets. */
export interface TestMachine {
  readonly clocks: MachineClocks;
  /** What time it really is, whatever the clocks say. */
  readonly realNow: () => number;
  /** Lets time pass. */
  readonly run: (ms: number) => void;
  /** Lets time pass that the monotonic clock does not count. */
  readonly sleep: (ms: number) => void;
  /** Sets the wall clock ahead, or back. */
  readonly step: (ms: number) => void;
}

/** One that was started so long ago; its clocks are right. */
export function createTestMachine(upMs: number, startAt = Date.UTC(2030, 0, 1)): TestMachine {
  let realNow = startAt;
  let steppedMs = 0;
  let sleptMs = 0;
  return {
    clocks: {
      wallNow: () => Math.floor(realNow + steppedMs),
      // The process has been there for less.
      monotonicNow: () => realNow - startAt - sleptMs + 5,
      uptimeNow: () => realNow - startAt + upMs,
    },
    realNow: () => realNow,
    run: (ms) => {
      realNow += ms;
    },
    sleep: (ms) => {
      realNow += ms;
      sleptMs += ms;
    },
    step: (ms) => {
      steppedMs += ms;
    },
  };
}
