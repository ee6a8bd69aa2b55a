import { createReadStream } from 'node:fs';
import { codeOf, fileProblem, isForbidden } from '../../mail/file-problem.js';
import { isStandardInput } from '../arguments/standard-input.js';
import { MigrateError } from '../../migrate/migrate-error.js';
import { unzipped } from '../../reports/unzipped.js';

/** How a file of gzip begins (RFC 1952). */
const GZIP = Buffer.of(0x1f, 0x8b);

/**
 * The bytes of a file, or of standard input for `-`; unpacked if they are gzip's.
 *
 * @throws MigrateError IMPORT_UNREADABLE, IMPORT_PERMISSION, IMPORT_CUT_OFF if it is packed and not whole
 */
export async function* openInput(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const isPiped = isStandardInput(path);
  try {
    const bytes = chunksOf(isPiped ? process.stdin : createReadStream(path));
    const first = await bytes.next();
    if (first.done === true) return;
    const all = (async function* () {
      yield first.value;
      yield* bytes;
    })();
    const isPacked = GZIP.equals(first.value.subarray(0, GZIP.length));
    yield* isPacked ? chunksOf(unzipped(all)) : all;
  } catch (error) {
    if (isCutOff(error)) throw cutOff(path, error);
    throw new MigrateError(
      isForbidden(error) ? 'IMPORT_PERMISSION' : 'IMPORT_UNREADABLE',
      `cannot read ${isPiped ? 'standard input' : path}: ${fileProblem(error, 'read')}`,
      { cause: error },
    );
  }
}

/** What zlib says when there should be more. */
function isCutOff(error: unknown): boolean {
  return codeOf(error) === 'Z_BUF_ERROR';
}

function cutOff(path: string, cause: unknown): MigrateError {
  const name = isStandardInput(path) ? 'standard input' : path;
  const message = `${name} ends in the middle of what is compressed: it is not whole, as whatever wrote it was interrupted. Take an earlier one`;
  return new MigrateError('IMPORT_CUT_OFF', message, { cause });
}

async function* chunksOf(
  stream: AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Streams without an encoding.
  for await (const chunk of stream) yield chunk as Uint8Array;
}
