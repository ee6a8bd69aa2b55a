import assert from 'node:assert/strict';

import { advance } from '../../../src/greylist/advance.js';
import type {
  Advance,
  AttemptSource,
  GreylistSettings,
  Outcome,
} from '../../../src/greylist/advance.js';
import type { Correspondence, Source } from '../../../src/greylist/correspondence.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';

/** An attempt from an address. */
export function from(text: string, more: Partial<AttemptSource> = {}): AttemptSource {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined);
  return {
    address,
    name: undefined,
    clockAt: undefined,
    isListed: false,
    proof: undefined,
    ...more,
  };
}

export const A = from('203.0.113.7');
export const B = from('198.51.100.9');

/** One attempt of a history. */
export interface Step {
  readonly at: number;
  readonly by?: AttemptSource;
  readonly with?: Partial<GreylistSettings>;
}

/** Plays a history from its beginning; what came of its last attempt. */
export function play(...steps: readonly Step[]): Advance {
  let last: Advance | undefined;
  for (const { at, by = A, with: changed } of steps) {
    last = advance(last?.next, by, { ...SETTINGS, ...changed }, T0 + at);
  }
  assert.ok(last !== undefined);
  return last;
}

/** The source of a record that has just one. */
export function onlySource(record: Correspondence): Source {
  const [source] = record.sources;
  assert.ok(source !== undefined && record.sources.length === 1);
  return source;
}

/** The outcome, which must be to wait. */
export function waits(outcome: Outcome): Extract<Outcome, { kind: 'wait' }> {
  assert.ok(outcome.kind === 'wait', JSON.stringify(outcome));
  return outcome;
}

/** A triplet that has passed five minutes after its first attempt. */
export const KNOWN = [{ at: 0 }, { at: 5 * MINUTE }] as const;
