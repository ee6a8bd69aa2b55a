/** Where a live stream has its events from. */
export interface LiveSource<T> {
  /** Begins to tell events, and returns what ends that. */
  readonly listen: (tell: (event: T) => void) => () => void;
  /** An event as an object of one line; done when the reader takes it, not when it happens. */
  readonly show: (event: T) => object;
  /** How often a line comes, though nothing happens; shorter in tests. */
  readonly heartbeatMs?: number;
}

/** Events that wait for a reader; a second of a very busy server. */
const MAX_WAITING = 1000;

/** Well below the silence that either end takes for a dead connection. */
const HEARTBEAT_MS = 10_000;

const encoder = new TextEncoder();

/**
 * Events as JSON lines while they happen. Whoever tells an event never waits: a reader that is too
 * slow loses what does not fit into its queue, and is told so by `{"lost": 12}` where it is missing.
 * The first line, and one whenever nothing has happened for a while, is `{"at": "…"}`. It is listened
 * from the first read until the reader has gone.
 */
export function createLiveStream<T>(source: LiveSource<T>): ReadableStream<Uint8Array> {
  const { listen, show, heartbeatMs = HEARTBEAT_MS } = source;
  let waiting: T[] = [];
  let lost = 0;
  let wake: () => void = () => undefined;
  let stop: (() => void) | undefined;
  let isOver = false;
  const tell = (event: T): void => {
    if (waiting.length < MAX_WAITING) waiting.push(event);
    else lost += 1;
    wake();
  };
  const somethingHappens = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, heartbeatMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const take = (): readonly object[] => {
    const lines: object[] = waiting.map(show);
    if (lost > 0) lines.push({ lost });
    waiting = [];
    lost = 0;
    return lines.length > 0 ? lines : [{ at: new Date().toISOString() }];
  };
  return new ReadableStream(
    {
      pull: async (controller) => {
        if (stop === undefined) stop = listen(tell);
        else if (waiting.length === 0) await somethingHappens();
        if (isOver) return;
        const text = take()
          .map((line) => `${JSON.stringify(line)}\n`)
          .join('');
        controller.enqueue(encoder.encode(text));
      },
      cancel: () => {
        isOver = true;
        stop?.();
        wake();
      },
    },
    // Who asks for nothing but the head of the answer would never be gone.
    { highWaterMark: 0 },
  );
}
