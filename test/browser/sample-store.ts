import { encodeCorrespondence } from '../../src/greylist/correspondence-codec.js';
import { correspondenceExpiresAt } from '../../src/greylist/advance.js';
import { correspondenceKey } from '../../src/greylist/correspondence-key.js';
import type { Source } from '../../src/greylist/correspondence.js';
import { encodeStatistics, hourOf, statisticsKey } from '../../src/greylist/statistics-record.js';
import { emptyStatistics, retryClass, type Statistics } from '../../src/greylist/statistics.js';
import { parseIpAddress, type IpAddress } from '../../src/mail/ip-address.js';
import type { GreylistStore } from '../../src/store/store.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A mail that waits, or has passed. */
export interface SampleMail {
  readonly sender: string;
  readonly recipient: string;
  readonly client: string;
  readonly name?: string;
  /** Before now. */
  readonly minutesAgo: number;
  readonly attempts?: number;
  /** At its second attempt, or at once, as in mode learn. */
  readonly passed?: boolean | 'at once';
}

/** What a store is filled with. */
export type SampleStore = Pick<GreylistStore, 'compareAndSet'>;

/** Stores mails as the filter does. */
export async function storeMails(
  store: SampleStore,
  mails: readonly SampleMail[],
  now: number,
): Promise<void> {
  const network = { ipv4: 24, ipv6: 64 };
  await Promise.all(
    mails.map(async (mail) => {
      const { sender, recipient } = mail;
      const address = addressOf(mail.client);
      const record = { series: undefined, sources: [sourceOf(mail, address, now)] };
      const key = correspondenceKey({ sender, recipient, client: address, network });
      const expiresAt = correspondenceExpiresAt(record);
      await store.compareAndSet(key, undefined, { value: encodeCorrespondence(record), expiresAt });
    }),
  );
}

function sourceOf(mail: SampleMail, address: IpAddress, now: number): Source {
  const firstSeenAt = now - mail.minutesAgo * MINUTE;
  const { passed = false } = mail;
  const passedAt = passed ? firstSeenAt + (passed === 'at once' ? 0 : 5 * MINUTE) : undefined;
  return {
    address,
    prefix: address.family === 4 ? 24 : 64,
    name: mail.name,
    firstSeenAt,
    lastSeenAt: passedAt ?? firstSeenAt,
    attempts: mail.attempts ?? 1,
    passedAt,
    expiresAt: passedAt === undefined ? firstSeenAt + 2 * DAY : passedAt + 36 * DAY,
  };
}

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

/** Stores a month of statistics, the same for the same time: quiet nights, busy days, some spam. */
export async function storeMonth(store: SampleStore, now: number): Promise<void> {
  const random = createRandom(7);
  for (let hour = hourOf(now) - 30 * 24; hour <= hourOf(now); hour++) {
    const statistics = emptyStatistics();
    const last = hour === hourOf(now) ? Math.floor((now % HOUR) / MINUTE) : 60;
    const level = 1 + 0.8 * Math.sin(((hour % 24) - 8) * (Math.PI / 12));
    for (let minute = 0; minute < last; minute++) fillMinute(statistics, minute, level, random);
    const value = encodeStatistics(statistics);
    await store.compareAndSet(statisticsKey(hour), undefined, {
      value,
      expiresAt: (hour + 1) * HOUR + 90 * DAY,
    });
  }
}

const kinds = [
  'greylist-new tempfail enforce',
  'greylist-early tempfail enforce',
  'greylist-passed accept enforce',
  'greylist-known accept enforce',
  'trusted accept enforce',
  'rule reject enforce',
  'store-unavailable accept enforce',
];

function fillMinute(
  statistics: Statistics,
  minute: number,
  level: number,
  random: () => number,
): void {
  const some = (most: number): number => Math.floor(random() * level * most);
  const bands = [some(6), some(2), some(3), some(9), some(4), some(1.6), 0];
  statistics.minutes.set(minute, bands);
  for (const [place, count] of bands.entries()) {
    const kind = kinds[place] ?? '';
    statistics.decisions.set(kind, (statistics.decisions.get(kind) ?? 0) + count);
  }
  const [first = 0, , passed = 0] = bands;
  statistics.firstAttempts += first;
  for (let index = 0; index < passed && statistics.cameBack < statistics.firstAttempts; index++) {
    const seconds = Math.exp(Math.log(40) + random() * Math.log(120));
    const place = retryClass(seconds);
    statistics.cameBack += 1;
    statistics.retries[place] = (statistics.retries[place] ?? 0) + 1;
    const domain = ['news', 'mail', 'bank', 'shop', 'club'][Math.floor(random() ** 2 * 5)] ?? '';
    statistics.domains.add(`${domain}.example`, 1, Math.max(180, seconds));
  }
  if (random() < 0.4) {
    statistics.neverCameBack += 2;
    statistics.networks.add(`198.51.${Math.floor(random() ** 2 * 9)}.0/24`, 2);
  }
}

/** Numbers from 0 to 1 that look random and are always the same. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
