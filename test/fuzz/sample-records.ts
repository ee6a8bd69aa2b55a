import { encodeHandExceptions, HAND_EXCEPTIONS_KEY } from '../../src/greylist/hand-exceptions.js';
import { clientAutowhiteKey } from '../../src/greylist/client-autowhite-key.js';
import { correspondenceKey } from '../../src/greylist/correspondence-key.js';
import type { Source } from '../../src/greylist/correspondence.js';
import { NetworkCounts } from '../../src/daemon/stores/network-counts.js';
import {
  encodeFoundPopulation,
  encodePopulationState,
  foundPopulationKey,
  POPULATION_KEY,
} from '../../src/greylist/population-record.js';
import { encodeReply, replyKey } from '../../src/greylist/reply-record.js';
import { encodeStatistics, hourOf, statisticsKey } from '../../src/greylist/statistics-record.js';
import { emptyStatistics } from '../../src/greylist/statistics.js';
import { encodeTarpit, tarpitKey } from '../../src/greylist/tarpit-record.js';
import { parseIpAddress, type IpAddress } from '../../src/mail/ip-address.js';
import { parseNetwork } from '../../src/mail/network.js';
import { recordOfClient } from '../../src/migrate/client-record.js';
import { recordOf } from '../../src/migrate/record-kinds.js';
import type { StoredRecord } from '../../src/migrate/stored-record.js';
import { DAY, MINUTE } from '../support/greylist-settings.js';

const network = { ipv4: 24, ipv6: 64 };

/** Made once: there are many numbers in it. */
const foundPopulation = encodeFoundPopulation({
  ...{ since: 1_795_800_000_000, countedAt: 1_795_800_060_000 },
  triplets: { pending: 1, passed: 2, ended: 0 },
  clients: { pending: 0, autowhite: 1, ended: 0 },
  ...{ exceptions: 0, kinds: new Map([['pair', 3]]) },
  pending: new NetworkCounts().sketch,
});

/** A record of each kind that a store may hold. */
export function sampleRecords(now: number): readonly StoredRecord[] {
  const client = addressOf('192.0.2.7');
  const parties = { client, network, senderDomain: 'a.example' };
  const correspondence = { sender: 's@a.example', recipient: 'r@b.example', client, network };
  const sources = [
    sourceOf(client, now),
    { ...sourceOf(addressOf('2001:db8::7'), now), prefix: 64 },
  ];
  const series = { firstAt: now - DAY, lastReturnAt: now - MINUTE, returns: 2 };
  const statistics = emptyStatistics();
  statistics.decisions.set('trusted accept enforce', 3);
  const exceptions = [
    {
      network: parseNetwork('192.0.2.0/24'),
      sender: '@a.example',
      addedAt: now,
      expiresAt: now + DAY,
    },
  ];
  return [
    recordOf(correspondenceKey(correspondence), { series, sources }),
    recordOf(correspondenceKey({ ...correspondence, sender: '' }), { series: undefined, sources }),
    ...(['address', 'network', 'sender-domain'] as const).map((count) =>
      recordOfClient(clientAutowhiteKey({ ...parties, count }), {
        ...{ points: 5, lastPointAt: now - DAY, witnesses: ['a.example', 'b.example'] },
        ...{ isExempt: true, lastSeenAt: now, expiresAt: now + 36 * DAY },
        host: count === 'network' ? { address: client, name: 'mx.a.example' } : undefined,
      }),
    ),
    {
      key: replyKey({ sender: 'them@a.example', recipient: 'us@b.example' }),
      value: encodeReply({ writtenAt: now - DAY }),
      expiresAt: now + 7 * DAY,
    },
    {
      key: statisticsKey(hourOf(now)),
      value: encodeStatistics(statistics),
      expiresAt: now + DAY,
    },
    { key: tarpitKey(correspondence), value: encodeTarpit('left'), expiresAt: now + DAY },
    { key: HAND_EXCEPTIONS_KEY, value: encodeHandExceptions(exceptions), expiresAt: now + DAY },
    {
      key: POPULATION_KEY,
      value: encodePopulationState({
        counting: { id: 'ab', since: now, until: now + MINUTE },
        latest: { id: 'cd', since: now - DAY, countedAt: now - DAY },
      }),
      expiresAt: now + DAY,
    },
    { key: foundPopulationKey('cd'), value: foundPopulation, expiresAt: now + DAY },
    { key: 'zwhat', value: Uint8Array.of(1, 2), expiresAt: now + DAY },
  ];
}

function sourceOf(address: IpAddress, now: number): Source {
  return {
    address,
    prefix: address.bytes.length * 8,
    name: 'mx.a.example',
    firstSeenAt: now - DAY,
    lastSeenAt: now - MINUTE,
    attempts: 3,
    passedAt: now - DAY + 5 * MINUTE,
    expiresAt: now + 36 * DAY,
  };
}

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}
