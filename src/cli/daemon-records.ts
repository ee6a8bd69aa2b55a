import { refusalOf, type AdminClient } from '../admin/admin-client.js';
import { AdminError } from '../admin/admin-error.js';
import type { RecordFilterTexts } from '../admin/record-filter.js';
import { emptyProgress, type RecordPage, type ShownRecord } from '../admin/records.js';
import { asFields, readCount, readOptionalText, type JsonFields } from '../migrate/json-fields.js';
import { formatHeader, formatRecord } from '../migrate/json-lines.js';
import type { ReadBatch } from '../migrate/stored-record.js';
import type { ImportStep, RecordsAccess } from './records-access.js';
import { packageVersion } from '../daemon/version.js';

/** The records of a running daemon. */
export class DaemonRecords implements RecordsAccess {
  readonly #client: AdminClient;

  constructor(client: AdminClient) {
    this.#client = client;
  }

  async page(
    filter: RecordFilterTexts,
    limit: number,
    cursor: string | undefined,
  ): Promise<RecordPage> {
    const query = new URLSearchParams({ limit: String(limit) });
    for (const [name, value] of Object.entries({ ...filter, cursor })) {
      if (typeof value === 'string') query.set(name, value);
    }
    const answer = await this.#client.read(`/v1/records?${query.toString()}`);
    const records: readonly unknown[] = Array.isArray(answer['records']) ? answer['records'] : [];
    return { records: records.map(asRecord), next: readOptionalText(answer, 'next') };
  }

  async find(id: string): Promise<ShownRecord | undefined> {
    try {
      return asRecord(await this.#client.read(`/v1/records/${id}`));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async forget(id: string): Promise<boolean> {
    try {
      await this.#client.delete(`/v1/records/${id}`);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
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

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }
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

function progressOf(fields: JsonFields): ImportStep['progress'] {
  const count = (name: string): number => readCount(fields, name, Number.MAX_SAFE_INTEGER);
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

function isAbsent(error: unknown): boolean {
  return error instanceof AdminError && error.code === 'ADMIN_NOT_FOUND';
}
