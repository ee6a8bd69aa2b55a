import type { ClientAutowhite } from './client-autowhite.js';

/** Of a client one of whose triplets is known, or waits. Times in milliseconds. */
export interface LazyAttempt {
  /** When that triplet began. */
  readonly since: number;
  /** How long the client is known from now on. */
  readonly forMs: number;
  readonly now: number;
}

/** The store counts in seconds. */
const SECOND_MS = 1000;

/**
 * Whether a client passes by a triplet other than its own: one of it is known, and the own one does not
 * wait since before that, as milter-greylist goes by the first that it has. Nobody does where nothing is
 * to be known.
 */
export function knowsLazily(
  { isExempt, expiresAt, lastPointAt }: ClientAutowhite,
  { since, forMs, now }: LazyAttempt,
): boolean {
  return isExempt && now < expiresAt && forMs > 0 && lastPointAt <= since;
}

/**
 * What is remembered of a client whose known triplet has just had mail: a client's record that holds for
 * the network as a whole. The instant of its point is when the first of its triplets began. Undefined if
 * that is what is remembered already.
 */
export function renewLazily(
  stored: ClientAutowhite | undefined,
  { since, forMs, now }: LazyAttempt,
): ClientAutowhite | undefined {
  const isLive = stored?.isExempt === true && now < stored.expiresAt;
  const beganAt = Math.min(since, now);
  const lastPointAt = isLive ? Math.min(stored.lastPointAt, beganAt) : beganAt;
  const expiresAt = now + forMs + 1;
  const isNew = !isLive || lastPointAt < stored.lastPointAt;
  if (!isNew && Math.abs(expiresAt - stored.expiresAt) < SECOND_MS) return undefined;
  return {
    points: 1,
    lastPointAt,
    witnesses: [],
    host: undefined,
    isExempt: true,
    lastSeenAt: now,
    expiresAt,
  };
}
