import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide, type Decision, type Finding } from '../../../src/greylist/decision.js';
import { ipAddressFromBytes, parseIpAddress } from '../../../src/mail/ip-address.js';
import { jsonFormat } from '../../../src/telemetry/json-format.js';
import { textFormat } from '../../../src/telemetry/text-format.js';
import { createTimeStamp } from '../../../src/telemetry/time-stamp.js';
import { parseTextLine } from '../../unit/telemetry/parse-line.js';
import { addressOf, sampleAttempt } from '../../unit/telemetry/sample-decision.js';
import { fc } from '../../support/properties.js';

const AT = '2026-11-21T04:55:00.123Z';

/** Any UTF-16 at all, with what a forger would choose more often than chance would. */
const wireText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(' ', '"', '=', '\\', '\n', '\r', ' to=<x>', '" verdict="accept', '\u001b['),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const optionalText = fc.option(wireText, { nil: undefined });
const duration = fc.option(fc.nat({ max: 2 ** 31 }), { nil: undefined });

const finding: fc.Arbitrary<Finding> = fc.oneof(
  fc.record({
    verdict: fc.constant('accept' as const),
    reason: fc.constantFrom('greylist-passed' as const, 'trusted' as const, 'local' as const),
    delayedMs: duration,
    attempts: duration,
  }),
  fc.record({
    verdict: fc.constant('tempfail' as const),
    reason: fc.constantFrom('greylist-new' as const, 'greylist-early' as const),
    waitMs: duration,
    attempts: duration,
  }),
  fc.record({
    verdict: fc.constantFrom('reject' as const, 'discard' as const, 'quarantine' as const),
    reason: fc.constant('rule' as const),
    attempts: fc.constant(undefined),
  }),
);

const decision: fc.Arbitrary<Decision> = fc
  .record({
    finding,
    id: wireText,
    name: optionalText,
    helo: optionalText,
    from: wireText,
    to: wireText,
    client: fc.oneof(
      fc.constant(undefined),
      fc.constant(parseIpAddress('192.0.2.1')),
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map(ipAddressFromBytes),
    ),
    stage: fc.constantFrom('rcpt' as const, 'data' as const, 'eom' as const),
    mode: fc.constantFrom('enforce' as const, 'learn' as const, 'shadow' as const),
    rule: optionalText,
    via: fc.constantFrom('milter' as const, 'policy' as const),
    tookUs: fc.nat(),
  })
  .map(({ finding: found, id, name, helo, from, to, client, stage, mode, rule, via, tookUs }) => {
    const attempt = sampleAttempt({
      id,
      via,
      clientAddress: client,
      clientName: name,
      helo,
      sender: addressOf(from),
      recipient: addressOf(to),
    });
    return decide(found, { attempt, stage, mode, rule, at: 0, tookUs });
  });

/** What a reader should get, in order, written down independently of the format's own table. */
function expectedFields(d: Decision): (readonly [string, string | number])[] {
  const ceil = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Math.ceil(ms / 1000);
  const floor = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Math.floor(ms / 1000);
  const all: readonly (readonly [string, string | number | undefined])[] = [
    ['verdict', d.verdict],
    ['reason', d.reason],
    ['id', d.attempt.id],
    ['client', d.attempt.clientAddress?.text],
    ['name', d.attempt.clientName],
    ['helo', d.attempt.helo],
    ['from', `<${d.attempt.sender.text}>`],
    ['to', `<${d.attempt.recipient.text}>`],
    ['rule', d.rule],
    ['wait', d.would === 'tempfail' ? ceil(d.waitMs) : undefined],
    ['delayed', d.would === 'accept' ? floor(d.delayedMs) : undefined],
    ['attempt', d.attempts],
    ['stage', d.stage],
    ['mode', d.mode === 'enforce' ? undefined : d.mode],
    ['would', d.mode === 'enforce' ? undefined : d.would],
    ['via', d.attempt.via],
    ['took', d.tookUs],
  ];
  return all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

/** Nothing that acts on a terminal, breaks a line or cannot be seen. */
function assertHarmless(line: string): void {
  assert.doesNotMatch(line, /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}/u);
}

describe('whatever comes from the wire', () => {
  test('a decision is one harmless line of text that reads back as it was', () => {
    fc.assert(
      fc.property(decision, (d) => {
        const line = textFormat.decision(AT, d);
        assertHarmless(line);
        const { time, level, message, fields } = parseTextLine(line);
        assert.deepEqual([time, level, message], [AT, 'info', '']);
        const expected = expectedFields(d).map(([key, value]) => [key, String(value)]);
        if (d.attempt.clientAddress === undefined) expected.splice(3, 0, ['client', '-']);
        assert.deepEqual([...fields], expected);
      }),
      { numRuns: 500 },
    );
  });

  test('a decision is one line of JSON in ASCII that reads back as it was', () => {
    fc.assert(
      fc.property(decision, (d) => {
        const line = jsonFormat.decision(AT, d);
        assert.match(line, /^[ -~]*$/);
        const read: unknown = JSON.parse(line);
        assert.ok(typeof read === 'object' && read !== null);
        const expected = [['time', AT], ['level', 'info'], ...expectedFields(d)];
        assert.deepEqual(Object.entries(read), expected);
      }),
      { numRuns: 500 },
    );
  });

  test('a message and its fields read back as they were', () => {
    const value = fc.oneof(wireText, fc.boolean(), fc.integer());
    const fields = fc.dictionary(fc.constantFrom('error', 'socket', 'code', 'count'), value);
    fc.assert(
      fc.property(wireText, fields, (message, given) => {
        const entry = { level: 'warn', message, fields: given } as const;
        const line = textFormat.message(AT, entry);
        assertHarmless(line);
        const parsed = parseTextLine(line);
        assert.equal(parsed.message, message);
        assert.deepEqual(
          [...parsed.fields],
          Object.entries(given).map(([key, of]) => [key, String(of)]),
        );
        const json = jsonFormat.message(AT, entry);
        assert.match(json, /^[ -~]*$/);
        assert.deepEqual(JSON.parse(json), { time: AT, level: 'warn', message, ...given });
      }),
      { numRuns: 300 },
    );
  });
});

test('a time stamp is what toISOString says, in whatever order the instants come', () => {
  const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
  fc.assert(
    fc.property(fc.array(instant), fc.nat({ max: 3000 }), (instants, step) => {
      const stamp = createTimeStamp();
      for (const at of instants) {
        assert.equal(stamp(at), new Date(at).toISOString());
        assert.equal(stamp(at + step), new Date(at + step).toISOString());
      }
    }),
    { numRuns: 200 },
  );
});
