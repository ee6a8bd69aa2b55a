/** A clock that stands still until a test moves it; epoch milliseconds. */
export interface ManualClock {
  readonly now: () => number;
  /** Moves to an instant, also backwards. */
  readonly set: (instantAt: number) => void;
  /** Moves on by this many milliseconds; a negative number steps back. */
  readonly advance: (byMs: number) => void;
}

/** Creates a clock; it starts at a whole second, so that rounding to seconds changes nothing. */
export function createManualClock(startAt = Date.UTC(2030, 0, 1)): ManualClock {
  let instantAt = startAt;
  return {
    now: () => instantAt,
    set: (nextAt) => {
      instantAt = nextAt;
    },
    advance: (byMs) => {
      instantAt += byMs;
    },
  };
}

/** One that runs as this machine's does, so many milliseconds ahead of it, until a test moves it. */
export function createRunningClock(aheadMs = 0): ManualClock {
  let offsetMs = aheadMs;
  return {
    now: () => Date.now() + offsetMs,
    set: (nextAt) => {
      offsetMs = nextAt - Date.now();
    },
    advance: (byMs) => {
      offsetMs += byMs;
    },
  };
}
