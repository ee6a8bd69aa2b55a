import type { NetworkPrefixes } from '../greylist/correspondence-key.js';
import { recordOfPoints, recordOfTriplet } from './foreign-triplet.js';
import type { ForeignTerms } from './foreign-triplet.js';
import { PostgreyDumpReader } from './postgrey-dump.js';
import type { DumpRow } from './postgrey-dump.js';
import { postgreyRefusals, readPostgreyRow } from './postgrey-row.js';
import { ownFormOfPostgreySender } from './postgrey-sender.js';
import { BatchBuilder } from './stored-record.js';
import type { ReadBatch } from './stored-record.js';

/** Clients whose passes we do not count by address. */
export const CLIENT_LEFT_OUT =
  'an auto-whitelisted client: greylist.client-autowhite does not count addresses';

/** Numbers in the sender: see {@link ownFormOfPostgreySender}. */
export const NUMBERED_SENDER =
  'numbers in the sender are lost: it counts for those only that are taken out of senders here';

/**
 * Reads dumps of Postgrey's tables.
 *
 * @param cidr the exporter's --ipv4cidr and --ipv6cidr
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD, IMPORT_CUT_OFF
 */
export async function* readPostgrey(
  pages: AsyncIterable<readonly string[]>,
  terms: ForeignTerms,
  cidr: NetworkPrefixes,
): AsyncGenerator<ReadBatch, void, undefined> {
  const reader = new PostgreyDumpReader();
  const batch = new BatchBuilder();
  for await (const page of pages) {
    for (const row of reader.read(page)) takeRow(row, { terms, cidr, batch });
    yield batch.take();
  }
  reader.end();
}

interface Taking {
  readonly terms: ForeignTerms;
  readonly cidr: NetworkPrefixes;
  readonly batch: BatchBuilder;
}

function takeRow({ line, key, value }: DumpRow, { terms, cidr, batch }: Taking): void {
  const row = readPostgreyRow(key, value, cidr);
  switch (row.kind) {
    case 'refused':
      batch.refuse({ line, reason: postgreyRefusals[row.refusal], detail: `${key} ${value}` });
      return;
    case 'client': {
      const record = recordOfPoints(row.client, terms);
      if (record === undefined) batch.refuse({ line, reason: CLIENT_LEFT_OUT, detail: key });
      else if (record.expiresAt <= terms.now) batch.expire();
      else batch.add(record);
      return;
    }
    case 'triplet': {
      const { sender } = row.triplet;
      const own = ownFormOfPostgreySender(sender, terms.senderForm);
      const senderForm = (): string => own.form;
      const record = recordOfTriplet(row.triplet, { ...terms, senderForm });
      if (record === undefined) batch.expire();
      else batch.add(record);
      if (record !== undefined && !own.isCertain) {
        batch.note({ line, reason: NUMBERED_SENDER, detail: sender });
      }
    }
  }
}
