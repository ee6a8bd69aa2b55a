import type { AdminClient } from '../../admin/admin-client.js';
import { AdminError } from '../../admin/admin-error.js';
import { parseFields, readCount, type JsonFields } from '../../migrate/json-fields.js';
import { readLines } from '../../migrate/read-lines.js';
import type { Output } from '../terminal/output.js';

/** What comes of a live stream, until it is enough. */
export interface LiveReader {
  /** The events' field: `decision`, `change`. */
  readonly name: string;
  /** Called with the first line of the stream: from now on nothing is missed. */
  readonly onReady?: () => Promise<void>;
  /** @returns whether that was enough */
  readonly onEvent: (event: JsonFields) => boolean;
}

/**
 * Reads a live stream of the admin interface until it was enough, or somebody interrupts us (Ctrl-C).
 * What was lost is told on standard error.
 *
 * @throws AdminError ADMIN_UNREACHABLE when the filter ends
 */
export async function followEvents(
  client: AdminClient,
  path: string,
  { name, onReady, onEvent }: LiveReader,
  output: Output,
): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
    client.close();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  let begin = onReady;
  try {
    for await (const lines of readLines(await client.stream(path))) {
      await begin?.();
      begin = undefined;
      for (const line of lines) {
        const { [name]: event, lost } = parseFields(line);
        if (lost !== undefined) output.error(lostLine(parseFields(line)));
        // What the daemon shows is an object.
        if (event !== undefined && onEvent(event as JsonFields)) return;
      }
    }
    throw new AdminError('ADMIN_UNREACHABLE', ENDED);
  } catch (error) {
    if (interruption.signal.aborted) return;
    const isCut = error instanceof AdminError && error.code === 'ADMIN_UNREACHABLE';
    throw isCut ? new AdminError('ADMIN_UNREACHABLE', ENDED, { cause: error }) : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    client.close();
  }
}

const ENDED =
  'the filter has ended, or was restarted: nothing more comes. Call again once it runs; its log says why';

function lostLine(fields: JsonFields): string {
  const lost = readCount(fields, 'lost', Number.MAX_SAFE_INTEGER);
  return `greymilter: ${lost} left out here: they came faster than they were read\n`;
}
