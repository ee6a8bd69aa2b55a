import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Asker } from '../../../src/lookups/asker.js';
import { DnsResolver } from '../../../src/lookups/dns.js';
import { checkSpf } from '../../../src/lookups/spf.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress, type IpAddress } from '../../../src/mail/ip-address.js';
import { startDnsResponder, type DnsEntries } from '../../support/dns-responder.js';
import { createManualClock } from '../../support/manual-clock.js';
import type { CleanUp } from '../../support/temp-directory.js';

/** Reads an address that a test has written. */
export function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}

/** One SPF check against a name server that has just these entries. */
export interface SpfCase {
  readonly dns: DnsEntries;
  /** 192.0.2.1 if absent. */
  readonly client?: string;
  /** `user@example.test` if absent. */
  readonly from?: string;
  /** `mail.example.test` if absent. */
  readonly helo?: string | undefined;
}

/** `pass ip4:192.0.2.0/24`, or `unknown: …`; and what was asked. */
export interface SpfOutcome {
  readonly text: string;
  readonly domain: string | undefined;
  readonly prefix: number | undefined;
  readonly questions: readonly string[];
}

/** Runs a check with a resolver of its own. */
export async function runSpf(t: CleanUp, spf: SpfCase): Promise<SpfOutcome> {
  const { address, questions } = await startDnsResponder(t, spf.dns);
  const timeoutMs = 300;
  const dns = new DnsResolver({ servers: [address], timeoutMs, clock: createManualClock() });
  const client = ip(spf.client ?? '192.0.2.1');
  const sender = parseEnvelopeAddress(spf.from ?? 'user@example.test');
  const helo = 'helo' in spf ? spf.helo : 'mail.example.test';
  const answer = await checkSpf({ client, sender, helo }, dns, new Asker(client, 2000));
  dns.cancel();
  if (!answer.known) {
    const text = `unknown: ${answer.problem}`;
    return { text, domain: undefined, prefix: undefined, questions };
  }
  const { result, term, domain, problem, prefix } = answer.value;
  const text = [result, term ?? problem ?? []].flat().join(' ');
  return { text, domain, prefix, questions };
}

/** A check and what it must end in. */
export type SpfRow = readonly [name: string, spf: SpfCase, expected: string | RegExp];

/** The sender's domain has this policy, and there are these names. */
export function policy(text: string, more: DnsEntries = {}): { readonly dns: DnsEntries } {
  return { dns: { 'example.test': { TXT: [text] }, ...more } };
}

/** A client that RFC 3849 has for examples. */
export const v6 = { client: '2001:db8::1' } as const;

/** One suite for each section of RFC 7208. */
export function testSections(sections: Readonly<Record<string, readonly SpfRow[]>>): void {
  for (const [section, rows] of Object.entries(sections))
    describe(`RFC 7208, section ${section}`, () => {
      for (const [name, spf, expected] of rows)
        test(name, async (t) => {
          const { text } = await runSpf(t, spf);
          if (typeof expected === 'string') assert.equal(text, expected);
          else assert.match(text, expected);
        });
    });
}
