import type { IpAddress } from '../mail/ip-address.js';

/**
 * One client network that has tried to deliver for a (sender, recipient) pair. All instants are
 * epoch milliseconds.
 */
export interface Source {
  /** The address of its last attempt. */
  readonly address: IpAddress;
  /** How many bits of the address made the network when this source was last stored. */
  readonly prefix: number;
  /** The verified name of its last attempt. */
  readonly name: string | undefined;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly attempts: number;
  /** Explicit, so that no change of a setting ever takes it away; absent while the source waits. */
  readonly passedAt: number | undefined;
  /** From here on the source is forgotten: the end of its retry window, or of its autowhite. */
  readonly expiresAt: number;
}

/**
 * All that is remembered of one (sender, recipient) pair: the sources that have tried it, and the
 * pair's own clock for patience, which counts from wherever its attempts come.
 */
export interface Correspondence {
  /** First attempt of the running series of attempts that were put off. */
  readonly firstSeenAt: number;
  /** When the pair last came back at least a delay after it had before. */
  readonly lastRetryAt: number;
  /** How often it did so in the running series. */
  readonly retries: number;
  /** At most {@link MAX_SOURCES}. */
  readonly sources: readonly Source[];
}

/** Enough for the pools of large senders that retry from many networks, few enough for one read. */
export const MAX_SOURCES = 32;
