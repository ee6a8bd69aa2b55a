import { refusalOf, type AdminClient } from '../../admin/admin-client.js';
import { AdminError } from '../../admin/admin-error.js';
import type { CompactionSummary } from '../../admin/compaction.js';
import type { RecordFilterTexts } from '../../admin/record-filter.js';
import type { ShownException, WantedException } from '../../admin/exception-records.js';
import type { ReleasePage, ReleaseQuery } from '../../admin/release-records.js';
import { emptyProgress, type RecordPage, type ShownRecord } from '../../admin/records.js';
import {
  asFields,
  readCount,
  readOptionalText,
  type JsonFields,
} from '../../migrate/json-fields.js';
import { formatHeader, formatRecord } from '../../migrate/json-lines.js';
import type { ReadBatch } from '../../migrate/stored-record.js';
import type { ImportStep, PagePart, RecordsAccess } from './records-access.js';
import { queryOf } from './query-of.js';
import { packageVersion } from '../../daemon/process/version.js';

/** The records of a running daemon. */
export class DaemonRecords implements RecordsAccess {
  readonly #client: AdminClient;

  constructor(client: AdminClient) {
    this.#client = client;
  }

  async page(filter: RecordFilterTexts, { limit, cursor, order }: PagePart): Promise<RecordPage> {
    const [sort, reverse] = [order?.by, order?.isReverse === true ? 'true' : undefined];
    const query = queryOf({ limit: String(limit), ...filter, cursor, sort, reverse });
    const answer = await this.#client.read(`/v1/records?${query}`);
    const { records, keys } = answer;
    return {
      records: listOf(records).map(asRecord),
      next: readOptionalText(answer, 'next'),
      keys: listOf(keys).map(String),
    };
  }

  async find(id: string): Promise<ShownRecord | undefined> {
    try {
      return asRecord(await this.#client.read(`/v1/records/${id}`));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async forget(id: string, filter: RecordFilterTexts): Promise<boolean> {
    return await this.#delete(`/v1/records/${id}?${queryOf({ ...filter })}`);
  }

  async exceptions(): Promise<readonly ShownException[]> {
    const { exceptions } = await this.#client.read('/v1/exceptions');
    return listOf(exceptions).map(asException);
  }

  async addException(wanted: WantedException): Promise<ShownException> {
    const { client, isBySpf, sender, forMs } = wanted;
    const spf = isBySpf === true ? 'true' : undefined;
    const seconds = String(Math.ceil(forMs / 1000));
    const query = queryOf({ client, spf, sender, 'for-seconds': seconds });
    return asException(await this.#client.post(`/v1/exceptions?${query}`));
  }

  async removeException(id: string): Promise<boolean> {
    return await this.#delete(`/v1/exceptions/${id}`);
  }

  async #delete(path: string): Promise<boolean> {
    try {
      await this.#client.delete(path);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  async pass({ texts, cursor, isDry }: ReleaseQuery): Promise<ReleasePage> {
    const query = queryOf({ ...texts, cursor, 'dry-run': isDry ? 'true' : undefined });
    const answer = await this.#client.post(`/v1/pass?${query}`);
    const [records, triplets] = ['records', 'triplets'].map((name) => countIn(answer, name));
    return {
      records: records ?? 0,
      triplets: triplets ?? 0,
      next: readOptionalText(answer, 'next'),
    };
  }

  async passRecord(id: string, client: string | undefined, isDry: boolean): Promise<number> {
    const query = queryOf({ client, 'dry-run': isDry ? 'true' : undefined });
    try {
      return countIn(await this.#client.post(`/v1/records/${id}/pass?${query}`), 'triplets');
    } catch (error) {
      if (isAbsent(error)) return 0;
      throw error;
    }
  }

  async export(): Promise<AsyncIterable<Uint8Array>> {
    return await this.#client.stream('/v1/export');
  }

  async *import(batches: AsyncIterable<ReadBatch>): AsyncGenerator<ImportStep, void, undefined> {
    const read = { expired: 0, refused: 0 };
    let isFinal = false;
    for await (const line of this.#client.send('/v1/import', linesOf(batches, read))) {
      const { progress, summary, refused, problem } = line;
      if (problem !== undefined) throw refusalOf(asFields(problem, 'the problem'), 500);
      if (refused !== undefined) {
        // Records that we have understood, and it has not: it is older.
        const note = { line: 0, reason: 'the filter that runs does not know such records' };
        yield { progress: emptyProgress(), refused: [note] };
        continue;
      }
      isFinal = summary !== undefined;
      const told = progressOf(asFields(summary ?? progress, 'the progress'));
      const expired = told.expired + read.expired;
      yield { progress: { ...told, expired, refused: told.refused + read.refused }, refused: [] };
    }
    if (isFinal) return;
    const message = 'the filter has ended before it had taken all: import once more';
    throw new AdminError('ADMIN_UNREACHABLE', message);
  }

  async compact(): Promise<CompactionSummary> {
    for await (const { summary, problem } of this.#client.send('/v1/compact', nothing())) {
      if (problem !== undefined) throw refusalOf(asFields(problem, 'the problem'), 500);
      if (summary === undefined) continue;
      const [bytesBefore = 0, bytesAfter = 0] = ['bytesBefore', 'bytesAfter'].map((name) =>
        countIn(asFields(summary, 'the summary'), name),
      );
      return { bytesBefore, bytesAfter };
    }
    const message = 'the filter has ended before the store was compacted: nothing is lost';
    throw new AdminError('ADMIN_UNREACHABLE', message);
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }
}

async function* nothing(): AsyncGenerator<string, void, undefined> {
  // Nothing is sent.
}

async function* linesOf(
  batches: AsyncIterable<ReadBatch>,
  read: { expired: number; refused: number },
): AsyncGenerator<string, void, undefined> {
  yield formatHeader(packageVersion(), Date.now());
  for await (const { records, expired, refused } of batches) {
    read.expired += expired;
    read.refused += refused.length;
    if (records.length > 0) yield records.map(formatRecord).join('');
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function countIn(fields: JsonFields, name: string): number {
  return readCount(fields, name, Number.MAX_SAFE_INTEGER);
}

function progressOf(fields: JsonFields): ImportStep['progress'] {
  const count = (name: string): number => countIn(fields, name);
  return {
    taken: count('taken'),
    merged: count('merged'),
    unchanged: count('unchanged'),
    expired: count('expired'),
    refused: count('refused'),
  };
}

function asRecord(value: unknown): ShownRecord {
  const fields = asFields(value, 'a record');
  const id = readOptionalText(fields, 'id') ?? '';
  return { ...fields, id };
}

function asException(value: unknown): ShownException {
  const fields = asFields(value, 'an exception');
  const text = (name: string): string => readOptionalText(fields, name) ?? '';
  return {
    id: text('id'),
    ...(fields['spf'] === true ? { spf: true } : { client: text('client') }),
    sender: readOptionalText(fields, 'sender'),
    addedAt: text('addedAt'),
    expiresAt: text('expiresAt'),
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof AdminError && error.code === 'ADMIN_NOT_FOUND';
}
