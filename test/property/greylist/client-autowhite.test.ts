import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  countPass,
  isExempt,
  renewExempt,
  type ClientAutowhite,
} from '../../../src/greylist/client-autowhite.js';
import {
  decodeClientAutowhite,
  encodeClientAutowhite,
} from '../../../src/greylist/client-autowhite-codec.js';
import {
  clientAutowhiteKey,
  parseClientAutowhiteKey,
} from '../../../src/greylist/client-autowhite-key.js';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import { DAY, HOUR, MINUTE, T0 } from '../../support/greylist-settings.js';
import { anyAddress, clientAddress } from './arbitraries.js';
import { fc } from '../../support/properties.js';

const anyCount = fc.constantFrom('address', 'network', 'sender-domain');

const anySettings = fc.record({
  after: fc.integer({ min: 1, max: 6 }),
  count: anyCount,
  domains: fc.integer({ min: 1, max: 3 }),
  spacingMs: fc.constantFrom(0, MINUTE, HOUR),
  forMs: fc.constantFrom(HOUR, DAY, 36 * DAY),
});

const visits = fc.array(
  fc.record({
    pause: fc.oneof(fc.integer({ min: -HOUR, max: 2 * HOUR }), fc.nat(3 * DAY)),
    host: fc.nat(3),
    user: fc.nat(3),
    domain: fc.nat(3),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

describe('first passes of a client', () => {
  test('make it exempt not before there are enough, and then for as long as was promised', () => {
    fc.assert(
      fc.property(visits, anySettings, (history, settings) => {
        let record: ClientAutowhite | undefined;
        let now = T0;
        let promised = 0;
        let counted = 0;
        for (const { pause, host, user, domain } of history) {
          now += pause;
          const visit = {
            host: { address: clientAddress(host), name: `${host}.${host % 2}.example` },
            domain: `${domain}.example`,
            sender: `${user}@${domain}.example`,
          };
          // Even and odd hosts are two sites.
          const judging = {
            isSameSite: (one: { name: string | undefined }, other: { name: string | undefined }) =>
              one.name?.slice(1) === other.name?.slice(1),
            now,
          };
          if (record !== undefined && now >= record.expiresAt) [counted, promised] = [0, 0];
          if (record !== undefined && isExempt(record, visit, judging.isSameSite, now)) {
            assert.ok(counted >= settings.after && now < record.expiresAt);
            record = renewExempt(record, settings, now) ?? record;
            promised = Math.max(promised, now + settings.forMs / 2 - DAY);
          } else {
            const next = countPass(record, visit, settings, judging);
            if (next !== undefined) {
              counted++;
              assert.equal(next.points, counted);
              assert.ok(next.expiresAt === now + settings.forMs);
              if (next.isExempt) promised = next.expiresAt;
              record = next;
            }
          }
          if (record === undefined) continue;
          assert.deepEqual(decodeClientAutowhite(encodeClientAutowhite(record)), record);
          assert.ok(record.expiresAt >= promised);
          assert.ok(!record.isExempt || counted >= settings.after);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the stored form of a client', () => {
  test('ends random bytes in a record or in its error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(0x1f), (bytes, flags) => {
        for (const input of [bytes, Uint8Array.of(1, flags, 1, ...bytes)]) {
          try {
            const record = decodeClientAutowhite(input);
            assert.deepEqual(decodeClientAutowhite(encodeClientAutowhite(record)), record);
          } catch (error) {
            assert.ok(error instanceof CorrespondenceFormatError, String(error));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the key of a client', () => {
  test('says whose it is, whatever the domain contains', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '.', '\0', '\x01', '\ud800', 'é', '/') });
    fc.assert(
      fc.property(anyAddress, anyCount, text, (client, count, senderDomain) => {
        const network = { ipv4: 24, ipv6: 64 };
        const key = clientAutowhiteKey({ count, client, network, senderDomain });
        assert.ok(!/\p{Surrogate}/u.test(key));
        const parsed = parseClientAutowhiteKey(key);
        assert.ok(parsed !== undefined);
        assert.equal(parsed.kind, count);
        if (parsed.kind === 'sender-domain') assert.equal(parsed.domain, senderDomain);
      }),
      { numRuns: 300 },
    );
  });
});
