import { encodeCorrespondence } from '../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../src/greylist/correspondence-key.js';
import type { Source } from '../../src/greylist/correspondence.js';
import {
  encodeFoundPopulation,
  encodePopulationState,
  foundPopulationKey,
  POPULATION_KEY,
} from '../../src/greylist/population-record.js';
import { NetworkCounts } from '../../src/daemon/stores/network-counts.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import type { GreylistStore } from '../../src/store/store.js';
import { triplet } from '../benchmark/triplet.js';

const DAY_MS = 86_400_000;
const AUTOWHITE_MS = 36 * DAY_MS;

/** What passes is renewed after a day at the earliest; what passed in these seconds is not due for some hours. */
const PASSED_WITHIN_SECONDS = 36_000;

/** Writes on their way at a time: as those of a thousand sessions. */
const AT_ONCE = 1000;

/** What one triplet is to the store. */
export interface Filling {
  readonly key: string;
  readonly value: Uint8Array;
  readonly expiresAt: number;
}

/** The triplet with this number, as if it had passed some hours ago; the benchmark's load finds it known. */
export function filling(number: number, now: number): Filling {
  const source = sourceOf(number, now);
  const { from, to } = triplet(number);
  const network = { ipv4: 24, ipv6: 64 };
  const key = correspondenceKey({ sender: from, recipient: to, client: source.address, network });
  const value = encodeCorrespondence({ series: undefined, sources: [source] });
  return { key, value, expiresAt: source.expiresAt + DAY_MS };
}

/** The same as somebody might write it without a thought: text under a text. */
export function naiveFilling(number: number, now: number): { key: string; value: string } {
  const { address, name, firstSeenAt, lastSeenAt, attempts, passedAt, expiresAt } = sourceOf(
    number,
    now,
  );
  const { from, to } = triplet(number);
  const times = [firstSeenAt, lastSeenAt, passedAt ?? 0, expiresAt].map((at) =>
    new Date(at).toISOString(),
  );
  const [first, last, passed, expires] = times;
  const record = { sender: from, recipient: to, client: address.text, name, attempts };
  return {
    key: `greylist:triplet:${from}:${to}:${address.text.replace(/\d+$/, '0/24')}`,
    value: JSON.stringify({ ...record, first, last, passed, expires }),
  };
}

/**
 * Stores triplets as a filter does, each only if it is not there.
 *
 * @param tell hears now and then how many there are
 */
export async function fill(
  store: GreylistStore,
  { count, now }: { readonly count: number; readonly now: number },
  tell: (done: number) => void,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      const { key, value, expiresAt } = filling(number, now);
      if (!(await store.compareAndSet(key, undefined, { value, expiresAt })))
        throw new Error(`triplet ${number} is there already`);
      if ((number + 1) % 250_000 === 0) tell(number + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/**
 * Says what is stored, as a filter does that has counted it: for an hour none goes over the store, and what
 * they read is what sessions need.
 */
export async function tellPopulation(
  store: GreylistStore,
  { count, now }: { readonly count: number; readonly now: number },
): Promise<void> {
  const round = { id: 'filled', since: now, countedAt: now };
  const found = {
    ...{ since: now, countedAt: now, kinds: new Map([['pair', count]]), exceptions: 0 },
    triplets: { pending: 0, passed: count, ended: 0 },
    clients: { pending: 0, autowhite: 0, ended: 0 },
    pending: new NetworkCounts().sketch,
  };
  const expiresAt = now + DAY_MS;
  for (const [key, value] of [
    [foundPopulationKey(round.id), encodeFoundPopulation(found)],
    [POPULATION_KEY, encodePopulationState({ counting: undefined, latest: round })],
  ] as const)
    await store.compareAndSet(key, undefined, { value, expiresAt });
}

function sourceOf(number: number, now: number): Source {
  const { client } = triplet(number);
  const address = parseIpAddress(client.address);
  if (address === undefined) throw new RangeError(client.address);
  const passedAt = now - (number % PASSED_WITHIN_SECONDS) * 1000;
  return {
    address,
    prefix: 24,
    // Two in three clients have a name that leads back to them.
    name: number % 3 === 0 ? undefined : client.hostName,
    firstSeenAt: passedAt - 600_000,
    lastSeenAt: passedAt,
    attempts: 2,
    passedAt,
    expiresAt: passedAt + AUTOWHITE_MS,
  };
}
