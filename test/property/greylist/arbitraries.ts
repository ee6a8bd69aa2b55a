import type { GreylistSettings } from '../../../src/greylist/advance.js';
import type { Correspondence, PutOffSeries, Source } from '../../../src/greylist/correspondence.js';
import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import { DAY, HOUR, MINUTE, SECOND, T0 } from '../../support/greylist-settings.js';
import { fc } from '../../support/properties.js';

export const anyAddress: fc.Arbitrary<IpAddress> = fc
  .oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  )
  .map(ipAddressFromBytes);

/** Addresses that differ in the first, second, third or last byte, and of both families. */
export const closeAddress: fc.Arbitrary<IpAddress> = fc.oneof(
  fc
    .tuple(fc.constantFrom(10, 11), fc.nat(1), fc.nat(2), fc.nat(3))
    .map((bytes) => ipAddressFromBytes(Uint8Array.from(bytes))),
  fc.tuple(fc.nat(2), fc.nat(2)).map(([subnet, host]) => {
    const bytes = new Uint8Array(16).fill(0x20, 0, 1);
    bytes[7] = subnet;
    bytes[15] = host;
    return ipAddressFromBytes(bytes);
  }),
);

/** The address of the n-th of many clients that have nothing to do with each other. */
export function clientAddress(n: number): IpAddress {
  return ipAddressFromBytes(Uint8Array.of(10, n, 1, 1));
}

/** Time between two attempts: often about a delay, a window or an autowhite. */
export const pauseMs: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, SECOND, MINUTE, 3 * MINUTE, HOUR, DAY, 2 * DAY),
  fc.nat(10 * MINUTE),
  fc.nat(6 * HOUR),
  fc.nat(3 * DAY),
  fc.nat(40 * DAY),
);

/** Settings that change from attempt to attempt. */
export const anySettings: fc.Arbitrary<GreylistSettings> = fc.record({
  delayMs: fc.oneof(fc.constantFrom(0, 1, MINUTE, 3 * MINUTE), fc.nat(HOUR)),
  retryWindowMs: fc.integer({ min: HOUR, max: 5 * DAY }),
  autowhiteMs: fc.integer({ min: HOUR, max: 60 * DAY }),
  learnForMs: fc.option(fc.integer({ min: 1, max: 10 * DAY }), { nil: undefined }),
  renew: fc.boolean(),
  network: fc.record({
    ipv4: fc.constantFrom(0, 8, 16, 24, 31, 32),
    ipv6: fc.constantFrom(0, 48, 64, 128),
  }),
  identity: fc.record({ spf: fc.boolean(), hostName: fc.boolean() }),
  patience: fc.option(fc.record({ tries: fc.nat(4), overMs: fc.nat(4 * HOUR) }), {
    nil: undefined,
  }),
});

const instant = fc.oneof(fc.integer({ min: T0, max: T0 + 60 * DAY }), fc.maxSafeNat());

/** Objects like those of the code, which deepEqual tells from those without a prototype. */
const PLAIN = { noNullPrototype: true } as const;

const source: fc.Arbitrary<Source> = anyAddress.chain((address) =>
  fc.record(
    {
      address: fc.constant(address),
      prefix: fc.nat(address.bytes.length * 8),
      name: fc.option(fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' })), { nil: undefined }),
      firstSeenAt: instant,
      lastSeenAt: instant,
      attempts: fc.oneof(fc.nat(300), fc.maxSafeNat()),
      passedAt: fc.option(instant, { nil: undefined }),
      expiresAt: instant,
    },
    PLAIN,
  ),
);

/** Also one that milter-greylist's style has made. */
const anySource: fc.Arbitrary<Source> = fc.oneof(
  source,
  fc
    .tuple(source, instant, fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }))
    .map(([plain, acceptAt, spelling]) => ({
      ...plain,
      acceptAt,
      ...(spelling !== undefined && { spelling }),
    })),
  fc.tuple(source, fc.string({ unit: 'grapheme' })).map(([plain, spelling]) => ({
    ...plain,
    spelling,
  })),
);

const series: fc.Arbitrary<PutOffSeries> = fc.record(
  {
    firstAt: instant,
    lastReturnAt: instant,
    returns: fc.oneof(fc.nat(300), fc.maxSafeNat()),
  },
  PLAIN,
);

/** Any record that can be written, likely or not. */
export const anyCorrespondence: fc.Arbitrary<Correspondence> = fc.record(
  {
    series: fc.option(series, { nil: undefined }),
    sources: fc.array(anySource, { maxLength: 32 }),
  },
  PLAIN,
);
