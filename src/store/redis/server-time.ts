/** The server's clock beside ours. */
export interface ServerTime {
  /** What it is at the server, in the middle of the question; epoch milliseconds. */
  readonly serverNow: number;
  /** What it was here then. */
  readonly localNow: number;
  /** How far the server's may be off from where it is taken to be, for want of knowing the ways. */
  readonly errorMs: number;
}

/** Reads the reply to TIME: seconds and microseconds. */
export function parseServerTime(reply: unknown): number | undefined {
  if (!Array.isArray(reply) || reply.length !== 2) return undefined;
  const [seconds, microseconds] = reply.map(Number);
  const now = (seconds ?? NaN) * 1000 + (microseconds ?? NaN) / 1000;
  return Number.isFinite(now) ? now : undefined;
}
