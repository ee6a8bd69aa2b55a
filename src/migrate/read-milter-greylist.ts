import { clientAutowhiteKey } from '../greylist/client-autowhite-key.js';
import { correspondenceKey } from '../greylist/correspondence-key.js';
import type { CorrespondenceParties } from '../greylist/correspondence-key.js';
import type { Source } from '../greylist/correspondence.js';
import { renewLazily } from '../greylist/lazy-autowhite.js';
import { encodeTarpit, tarpitKey } from '../greylist/tarpit-record.js';
import { recordOfClient } from './client-record.js';
import type { ForeignTerms } from './foreign-triplet.js';
import { MigrateError } from './migrate-error.js';
import { readMilterGreylistRow } from './milter-greylist-row.js';
import type { MilterGreylistRow } from './milter-greylist-row.js';
import { recordOf } from './record-kinds.js';
import { BatchBuilder } from './stored-record.js';
import type { ReadBatch, StoredRecord } from './stored-record.js';

/** Why a line of milter-greylist's cannot be used. */
export const milterGreylistRefusals = {
  far: 'a time of acceptance that is more than 60 days away',
  malformed: 'no record of milter-greylist',
} as const;

/** Nobody waits for so long; what says so was written by a broken clock. */
const FARTHEST_MS = 60 * 24 * 60 * 60 * 1000;

/** The store's last year is 2106, and a record outlives its sources. */
const LAST_END = Date.UTC(2105, 0, 1);

type Triplet = Extract<MilterGreylistRow, { readonly client: unknown }>;

/**
 * Reads milter-greylist's dump file.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD if nothing in it looks like one
 */
export async function* readMilterGreylist(
  pages: AsyncIterable<readonly string[]>,
  terms: ForeignTerms,
): AsyncGenerator<ReadBatch, void, undefined> {
  const batch = new BatchBuilder();
  let line = 0;
  let isOurs = false;
  let isAnything = false;
  for await (const page of pages) {
    for (const text of page) {
      const row = readMilterGreylistRow(text);
      line += 1;
      isAnything ||= text.trim() !== '';
      isOurs ||= 'client' in row || /^#.*milter-greylist/.test(text);
      takeRow(row, { line, text }, terms, batch);
    }
    // A file of something else is not to be told of line by line.
    if (isOurs) yield batch.take();
  }
  if (isAnything && !isOurs) throw notADump();
}

function takeRow(
  row: MilterGreylistRow,
  { line, text }: { readonly line: number; readonly text: string },
  terms: ForeignTerms,
  batch: BatchBuilder,
): void {
  if (row.kind === 'nothing') return;
  const refusal = refusalOf(row, terms);
  if (refusal !== undefined) {
    batch.refuse({ line, reason: milterGreylistRefusals[refusal], detail: text.slice(0, 1000) });
    return;
  }
  if (!('client' in row)) return;
  const source = sourceOf(row, terms);
  if (source.expiresAt <= terms.now) {
    batch.expire();
    return;
  }
  if (row.kind === 'tarpit') {
    batch.add(recordOfTarpit(row, source, terms));
    return;
  }
  batch.add(recordOfSource(row, source, terms));
  if (terms.isLazy === true && row.kind === 'known') batch.add(recordOfLazy(row, source, terms));
}

function refusalOf(
  row: MilterGreylistRow,
  { now }: ForeignTerms,
): keyof typeof milterGreylistRefusals | undefined {
  if (row.kind === 'malformed') return row.kind;
  const hasAcceptance = row.kind === 'waiting' || row.kind === 'tarpit';
  return hasAcceptance && row.at > now + FARTHEST_MS ? 'far' : undefined;
}

/** The times of milter-greylist are the last at which something holds. */
function sourceOf(row: Triplet, terms: ForeignTerms): Source {
  const { now, delayMs, retryWindowMs, lifeMs, spelling } = terms;
  const { client: address, sender, recipient } = row;
  const lastAt = Math.min(row.kind === 'known' ? row.at : row.at + retryWindowMs, LAST_END);
  const beganAt = row.kind === 'known' ? lastAt - lifeMs(sender) : row.at - delayMs;
  const firstSeenAt = Math.min(Math.max(beganAt, 0), now);
  const all = {
    address,
    prefix: address.bytes.length * 8,
    name: undefined,
    firstSeenAt,
    lastSeenAt: firstSeenAt,
    expiresAt: lastAt + 1,
  };
  if (row.kind === 'known') return { ...all, attempts: 2, passedAt: firstSeenAt };
  const spelt = spelling?.(sender, recipient);
  const waiting = { ...all, attempts: 1, passedAt: undefined, acceptAt: Math.max(row.at, 0) };
  return spelt === undefined ? waiting : { ...waiting, spelling: spelt };
}

function recordOfSource(row: Triplet, source: Source, terms: ForeignTerms): StoredRecord {
  const key = correspondenceKey(partiesOf(row, terms));
  return recordOf(key, { series: undefined, sources: [source] });
}

/** That its client hung up in the tarpit, which is remembered as long as a triplet that waits. */
function recordOfTarpit(row: Triplet, source: Source, terms: ForeignTerms): StoredRecord {
  const { expiresAt } = source;
  return { key: tarpitKey(partiesOf(row, terms)), value: encodeTarpit('left'), expiresAt };
}

function partiesOf(
  { client, sender, recipient }: Triplet,
  { senderForm, recipientForm, network }: ForeignTerms,
): CorrespondenceParties {
  return {
    sender: sender === '' ? '' : senderForm(sender),
    recipient: recipientForm(recipient),
    client,
    network,
  };
}

/** What lets all triplets of its client pass. */
function recordOfLazy({ client }: Triplet, source: Source, terms: ForeignTerms): StoredRecord {
  const { network, now } = terms;
  const parties = { count: 'network', client, network, senderDomain: '' } as const;
  const forMs = source.expiresAt - 1 - now;
  const record = renewLazily(undefined, { since: source.firstSeenAt, forMs, now });
  if (record === undefined) throw new Error('what was not there is always new');
  return recordOfClient(clientAutowhiteKey(parties), record);
}

function notADump(): MigrateError {
  return new MigrateError(
    'IMPORT_NOT_UNDERSTOOD',
    'this is no dump file of milter-greylist: it has no line of an address, a sender, a recipient and a time',
  );
}
