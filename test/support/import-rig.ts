import { parseIpAddress } from '../../src/mail/ip-address.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { normaliseAddress, type AddressNormalisation } from '../../src/mail/normalise-address.js';
import type { ForeignTerms } from '../../src/migrate/foreign-triplet.js';
import { writeRecord } from '../../src/migrate/json-lines.js';
import type { ReadBatch } from '../../src/migrate/stored-record.js';
import { writtenSender, wholeRecipient } from './address-forms.js';
import { DAY, MINUTE } from './greylist-settings.js';

const formOf =
  (form: AddressNormalisation) =>
  (text: string): string =>
    normaliseAddress(parseEnvelopeAddress(text), form);

/** Terms of an import, with the defaults of a configuration. */
export function foreignTerms(now: number, more: Partial<ForeignTerms> = {}): ForeignTerms {
  return {
    now,
    delayMs: 5 * MINUTE,
    retryWindowMs: 2 * DAY,
    lifeMs: (sender) => (sender === '' ? DAY : 36 * DAY),
    network: { ipv4: 24, ipv6: 64 },
    clientAutowhite: undefined,
    senderForm: formOf(writtenSender),
    recipientForm: formOf(wholeRecipient),
    ...more,
  };
}

/** A text as a file or a socket hands it out, in pieces of that many bytes. */
export async function* chunksOf(text: string, bytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) {
    yield await Promise.resolve(all.subarray(at, at + bytes));
  }
}

/** All that a reader has read. */
export async function collect(batches: AsyncIterable<ReadBatch>): Promise<ReadBatch> {
  const all: ReadBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return {
    records: all.flatMap(({ records }) => records),
    expired: all.reduce((sum, { expired }) => sum + expired, 0),
    refused: all.flatMap(({ refused }) => refused),
    noted: all.flatMap(({ noted }) => noted),
  };
}

/** `198.51.100.0/24 a@example.com -> b@example.net passed`, for a record with one source. */
export function tell({ records }: ReadBatch): readonly string[] {
  return records.map((record) => {
    const fields = writeRecord(record);
    // What writeRecord makes of a record with a source.
    const [source] = fields['sources'] as readonly Record<string, unknown>[];
    const address = parseIpAddress(String(source?.['address']))?.text ?? 'nobody';
    const sender = fields['kind'] === 'pair' ? String(fields['sender']) : '<>';
    const state = source?.['passedAt'] === undefined ? 'waits' : 'passed';
    const client = `${address}/${String(source?.['prefix'])}`;
    return `${client} ${sender} -> ${String(fields['recipient'])} ${state}`;
  });
}
