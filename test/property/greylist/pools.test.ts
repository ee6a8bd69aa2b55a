import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance } from '../../../src/greylist/advance.js';
import type { AttemptSource } from '../../../src/greylist/advance.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import type { Correspondence } from '../../../src/greylist/correspondence.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
} from '../../../src/greylist/correspondence-codec.js';
import type { Proof } from '../../../src/greylist/identity.js';
import { openInquiry } from '../../../src/greylist/inquiry.js';
import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import { DAY, HOUR, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { anySettings, clientAddress } from './arbitraries.js';
import { fc } from '../../support/properties.js';

const STRANGERS = 60;

/** The client was found to be the same as these. */
const anyProof = (members: readonly number[]): Proof => ({
  sameAs: new Map(members.map((n) => [clientAddress(n).text, 'spf'])),
  spfFails: false,
});

function attemptBy(n: number, proof?: Proof): AttemptSource {
  return { address: clientAddress(n), name: undefined, clockAt: undefined, isListed: false, proof };
}

const steps = fc.array(
  fc.record({
    client: fc.nat(STRANGERS),
    pause: fc.oneof(fc.nat(MINUTE), fc.nat(HOUR), fc.nat(3 * DAY)),
    sameAs: fc.array(fc.nat(STRANGERS), { maxLength: 4 }),
    settings: anySettings,
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

describe('what is found out about a client', () => {
  test('never makes it wait longer, never hurts another source, and is stored as it is', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let record: Correspondence | undefined;
        let now = T0;
        for (const { client, pause, sameAs, settings } of history) {
          now += pause;
          const blind = advance(record, attemptBy(client), settings, now);
          const seen = advance(record, attemptBy(client, anyProof(sameAs)), settings, now);
          if (blind.outcome.kind === 'pass') assert.equal(seen.outcome.kind, 'pass');
          else if (seen.outcome.kind === 'wait') {
            assert.ok(seen.outcome.waitMs <= blind.outcome.waitMs);
          }
          const { next } = seen;
          assert.ok(next.sources.length <= MAX_SOURCES);
          assert.deepEqual(decodeCorrespondence(encodeCorrespondence(next)), next);
          const known = record?.sources.filter(
            ({ passedAt, expiresAt }) => passedAt !== undefined && now < expiresAt,
          );
          for (const { address } of known ?? []) {
            const again = { ...attemptBy(client), address };
            assert.equal(advance(next, again, settings, now).outcome.reason, 'greylist-known');
          }
          record = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is asked for only where nothing is listed, and matters only where it was asked for', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let record: Correspondence | undefined;
        let now = T0;
        for (const { client, pause, sameAs, settings } of history) {
          now += pause;
          const blind = advance(record, attemptBy(client), settings, now);
          const inquiry = record && openInquiry(record, blind.outcome, { settings, now });
          const members = (inquiry?.relatives ?? []).map(({ address }) => address.text);
          const told = new Map(
            [...anyProof(sameAs).sameAs].filter(([address]) => members.includes(address)),
          );
          const proof = { sameAs: told, spfFails: false };
          const seen = advance(record, attemptBy(client, proof), settings, now);
          const isListed = ['greylist-known', 'greylist-early'].includes(blind.outcome.reason);
          if (isListed || record === undefined) assert.equal(inquiry, undefined);
          if (told.size === 0) assert.deepEqual(seen, blind);
          else assert.ok(seen.outcome.identity === 'spf');
          record = seen.next;
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Each of them tries once, and never comes back. */
function botAddress(n: number): IpAddress {
  return ipAddressFromBytes(Uint8Array.of(11, n >> 8, n & 0xff, 1));
}

describe('a pool among any number of bots', () => {
  const plan = fc.record({
    hosts: fc.integer({ min: 2, max: 8 }),
    tries: fc.array(fc.record({ host: fc.nat(7), pause: fc.integer({ min: 1, max: HOUR }) }), {
      minLength: 2,
      maxLength: 12,
    }),
    bots: fc.integer({ min: 0, max: 80 }),
  });

  test('passes as soon as its delay is over since its first attempt, from any of its hosts', () => {
    fc.assert(
      fc.property(plan, ({ hosts, tries, bots }) => {
        const settings = { ...SETTINGS, patience: undefined };
        const members = Array.from({ length: hosts }, (_, n) => n);
        let record: Correspondence | undefined;
        let now = T0;
        let hasTried = 0;
        let botsSoFar = 0;
        for (const { host, pause } of tries) {
          const attempt = attemptBy(host % hosts, anyProof(members));
          const { outcome, next } = advance(record, attempt, settings, now);
          record = next;
          hasTried++;
          if (hasTried > 1) assert.notEqual(outcome.identity, undefined);
          assert.equal(outcome.kind, now - T0 >= settings.delayMs ? 'pass' : 'wait');
          now += pause;
          // A second try is more than bots do, and keeps its place.
          for (let n = 0; hasTried > 1 && n < bots; n++) {
            const bot = { ...attempt, address: botAddress(botsSoFar++), proof: undefined };
            record = advance(record, bot, settings, now).next;
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
