import { createWriteStream, openSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import { fileProblem } from '../../mail/file-problem.js';
import { MigrateError } from '../../migrate/migrate-error.js';
import type { LineNote, ReadBatch } from '../../migrate/stored-record.js';
import { isStandardInput } from '../arguments/standard-input.js';
import { UsageError } from '../arguments/usage-error.js';
import { printable } from '../terminal/printable.js';

/** Shown of the lines that are not understood, if nobody asks for all. */
const SHOWN = 10;

/** What a person is told of lines while they are read: counted by reason, some of them in words. */
export class ImportNotes {
  /** How many lines were refused for a reason. */
  readonly refused = new Map<string, number>();
  /** How many were taken of which something is to be known. */
  readonly noted = new Map<string, number>();
  readonly #say: (line: string) => void;
  readonly #isVerbose: boolean;
  readonly #report: WriteStream | undefined;
  #shown = 0;
  #failure: Error | undefined;

  /**
   * @param say where lines are told
   * @param report a file for all of them
   * @throws MigrateError IMPORT_REPORT
   */
  constructor(say: (line: string) => void, isVerbose: boolean, report: string | undefined) {
    this.#say = say;
    this.#isVerbose = isVerbose;
    this.#report = report === undefined ? undefined : openReport(report);
    const { path = '' } = this.#report ?? {};
    this.#report?.on('error', (error) => (this.#failure = cannotReport(path, error)));
  }

  /** Lets batches pass, and looks at them. What ends them early is thrown by {@link end}. */
  async *watch(batches: AsyncIterable<ReadBatch>): AsyncGenerator<ReadBatch, void, undefined> {
    try {
      for await (const batch of batches) {
        for (const note of batch.refused) await this.refuse(note);
        for (const { reason } of batch.noted) count(this.noted, reason);
        yield batch;
      }
    } catch (error) {
      // What was read before is still to be brought in.
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Counts a line that cannot be used. */
  async refuse(note: LineNote): Promise<void> {
    count(this.refused, note.reason);
    const text = `${printable(describe(note))}\n`;
    await this.#write(text);
    if (!this.#isVerbose && this.#shown >= SHOWN) return;
    this.#shown += 1;
    this.#say(text);
  }

  async #write(text: string): Promise<void> {
    const report = this.#report;
    if (report === undefined || report.destroyed || report.write(text)) return;
    try {
      await once(report, 'drain');
    } catch (error) {
      this.#failure = cannotReport(report.path, error);
    }
  }

  /** Whether {@link end} will throw, as far as is known. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Finishes the report. @throws what has ended the input early, or keeps the report from being written */
  async end(): Promise<void> {
    const report = this.#report;
    if (report !== undefined && !report.destroyed) {
      await new Promise<void>((resolve) => {
        report.once('close', resolve);
        report.end();
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function openReport(path: string): WriteStream {
  // To open it for writing would empty the file that it is read from.
  if (isStandardInput(path)) throw new UsageError('a report is written to a file: name it');
  try {
    return createWriteStream(path, { fd: openSync(path, 'w', 0o600) });
  } catch (error) {
    throw cannotReport(path, error);
  }
}

function cannotReport(path: string | Buffer, cause: unknown): MigrateError {
  const message = `cannot write the report ${String(path)}: ${fileProblem(cause, 'write')}`;
  return new MigrateError('IMPORT_REPORT', message, { cause });
}

function describe({ input, line, reason, detail }: LineNote): string {
  const within = input === undefined ? '' : ` of ${input}`;
  const where = line === 0 ? '' : `line ${line}${within}: `;
  return `${where}${reason}${detail === undefined ? '' : `: ${detail}`}`;
}

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}
