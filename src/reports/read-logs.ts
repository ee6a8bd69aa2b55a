import { boundedLines } from './bounded-lines.js';
import type { LogSource } from './log-file.js';
import { LogReader, type LineCounts, type LogReaderOptions } from './log-reader.js';
import type { LoggedDecision } from './logged-decision.js';
import { OneVoice } from './one-voice.js';

/** How logs are read, and who is told of it. */
export interface ReadLogsOptions extends Omit<LogReaderOptions, 'until'> {
  /** Dates without a year are not after it; that of a file not after its last change either. */
  readonly now: number;
  readonly counts: LineCounts;
  /** Told of bytes that were read, of the files as they are. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/**
 * All decisions that logs tell of, those of a part at a time, in the order of the logs; what Postfix and a
 * greylister both say is told once.
 *
 * @throws ReportError
 */
export async function* readLogs(
  sources: readonly LogSource[],
  options: ReadLogsOptions,
): AsyncGenerator<readonly LoggedDecision[], void, undefined> {
  const voice = new OneVoice();
  const { counts, onRead } = options;
  for (const source of await inOrder(sources, options)) {
    const reader = new LogReader(readerOptions(source, options), counts);
    for await (const { lines, tooLong } of boundedLines(source.open(onRead))) {
      counts.lines += tooLong;
      counts.tooLong += tooLong;
      const batch: LoggedDecision[] = [];
      for (const line of lines) {
        const decision = reader.read(line);
        if (decision !== undefined) batch.push(...voice.take(decision));
      }
      if (batch.length > 0) yield batch;
    }
  }
  yield voice.end();
}

function readerOptions({ writtenAt }: LogSource, options: ReadLogsOptions): LogReaderOptions {
  const { now, zone, greylistText } = options;
  return { zone, greylistText, until: Math.min(now, writtenAt ?? now) };
}

/** A shell names `mail.log` before `mail.log.1`, which is older: the first time in each decides. */
async function inOrder(
  sources: readonly LogSource[],
  options: ReadLogsOptions,
): Promise<readonly LogSource[]> {
  if (sources.length < 2 || sources.some(({ bytes }) => bytes === undefined)) return sources;
  const begun: { readonly source: LogSource; readonly at: number }[] = [];
  for (const source of sources) begun.push({ source, at: await firstTime(source, options) });
  return begun.toSorted((one, other) => one.at - other.at).map(({ source }) => source);
}

/** A log without any time is as good as empty. */
async function firstTime(source: LogSource, options: ReadLogsOptions): Promise<number> {
  const reader = new LogReader(readerOptions(source, options), { ...options.counts });
  for await (const { lines } of boundedLines(source.open())) {
    for (const line of lines) {
      const at = reader.timeOf(line);
      if (at !== undefined) return at;
    }
    break;
  }
  return 0;
}
