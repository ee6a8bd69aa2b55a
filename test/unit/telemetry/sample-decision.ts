import type { Attempt } from '../../../src/greylist/attempt.js';
import type { Decision } from '../../../src/greylist/decision.js';
import { NULL_SENDER, type EnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

/** 2026-11-21T04:55:00.123Z */
export const SAMPLE_AT = Date.UTC(2026, 10, 21, 4, 55, 0, 123);

/** An envelope address of which only the text matters, as it does to the log. */
export function addressOf(text: string): EnvelopeAddress {
  return { ...NULL_SENDER, text };
}

/** An ordinary attempt over the milter protocol. */
export function sampleAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    id: '4Qxyz1',
    via: 'milter',
    clientAddress: parseIpAddress('192.0.2.1'),
    clientPort: 40_000,
    clientName: 'mail.example.org',
    helo: 'mx.example.org',
    sender: addressOf('a@example.org'),
    recipient: addressOf('c@example.net'),
    login: undefined,
    daemonName: undefined,
    accessMap: undefined,
    ...changes,
  };
}

/** A new triplet that is put off. */
export function sampleDecision(changes: Partial<Attempt> = {}): Decision {
  return {
    attempt: sampleAttempt(changes),
    stage: 'rcpt',
    mode: 'enforce',
    rule: undefined,
    at: SAMPLE_AT,
    tookUs: 123,
    verdict: 'tempfail',
    would: 'tempfail',
    reason: 'greylist-new',
    waitMs: 180_000,
    attempts: 1,
    identity: undefined,
  };
}
