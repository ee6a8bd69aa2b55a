import { wholeSecond } from '../../store/whole-second.js';
import type { GreylistStore, NewEntry, StoreEntry } from '../../store/store.js';
import type { Clock } from '../process/clock.js';

/** So many writes, and what has expired is thrown away. */
const SWEEP_EVERY = 10_000;

/** A store in memory, on a clock that is simulated: nothing of it outlives the replay. */
export function createReplayStore(clock: Clock): GreylistStore {
  const entries = new Map<string, StoreEntry>();
  let writes = 0;
  let expired = 0;
  const living = (key: string): StoreEntry | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAt > clock.now() ? entry : undefined;
  };
  const sweep = (): void => {
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt > clock.now()) continue;
      entries.delete(key);
      expired++;
    }
  };
  return {
    get: living,
    // Entries are only ever replaced, so that the one that was read is the one that is there.
    compareAndSet: (key: string, expected: StoreEntry | undefined, next: NewEntry) => {
      if (living(key) !== expected) return Promise.resolve(false);
      const expiresAt = wholeSecond(next.expiresAt);
      entries.set(key, { value: next.value, expiresAt, commit: undefined });
      writes++;
      if (writes % SWEEP_EVERY === 0) sweep();
      return Promise.resolve(true);
    },
    delete: (key) => {
      entries.delete(key);
      return Promise.resolve();
    },
    scan: () => {
      throw new TypeError('nobody lists what a replay remembers');
    },
    stats: () => {
      const none = { bytes: 0, pendingWrites: 0, commits: writes, failedCommits: 0 };
      return { ...none, expired };
    },
    close: () => Promise.resolve(),
  };
}
