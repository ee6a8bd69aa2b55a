import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { codeOf, fileProblem, isForbidden } from '../mail/file-problem.js';
import { ReportError } from './report-error.js';
import { unzipped } from './unzipped.js';

/** A log that can be read. */
export interface LogSource {
  /** As it is called in messages. */
  readonly name: string;
  /** Of the file as it is, packed or not; undefined if nobody knows. */
  readonly bytes: number | undefined;
  /** When it was written last, epoch milliseconds; undefined if nobody knows. */
  readonly writtenAt: number | undefined;
  /**
   * Its bytes, unpacked if it is a gzip.
   *
   * @param onRead is told how many bytes of the file as it is have been read
   * @throws ReportError
   */
  open(onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * A file; `-` is what `input` gives.
 *
 * @throws ReportError if it is not there
 */
export function logSource(path: string, input: Readable): LogSource {
  if (path === '-') return streamSource('standard input', input);
  try {
    const { size, mtimeMs } = statSync(path);
    const open: LogSource['open'] = (onRead) => unpacked(path, createReadStream(path), onRead);
    return { name: path, bytes: size, writtenAt: mtimeMs, open };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What can be read only once. */
export function streamSource(name: string, input: Readable): LogSource {
  return {
    name,
    bytes: undefined,
    writtenAt: undefined,
    open: (onRead) => unpacked(name, input, onRead),
  };
}

async function* unpacked(
  name: string,
  input: Readable,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = readChunks(input, onRead);
  try {
    const first = await chunks.next();
    if (first.done === true) return;
    const all = withFirst(first.value, chunks);
    if (!isGzip(first.value)) {
      yield* all;
      return;
    }
    // Several packed files behind each other are one, as with zcat.
    for await (const chunk of unzipped(all)) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    input.destroy();
  }
}

async function* readChunks(
  input: Readable,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of input) {
    // A stream without an encoding, or of texts.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    onRead(bytes.length);
    yield bytes;
  }
}

async function* withFirst(
  first: Uint8Array,
  others: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  yield* others;
}

/** RFC 1952, section 2.3.1. */
function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

function unreadable(name: string, cause: unknown): ReportError {
  if (cause instanceof ReportError) return cause;
  const reason = fileProblem(cause, 'read');
  if (codeOf(cause)?.startsWith('Z_') === true) {
    return new ReportError('REPORT_DAMAGED', `${name} is no whole gzip: ${reason}`, { cause });
  }
  const kind = isForbidden(cause) ? 'REPORT_PERMISSION' : 'REPORT_UNREADABLE';
  return new ReportError(kind, `cannot read ${name}: ${reason}`, { cause });
}
