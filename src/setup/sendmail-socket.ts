import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The directory because of which Sendmail would not take a socket: one above it that its group or
 * everybody may write to. Undefined if there is none, or nothing there yet.
 */
export async function unsafeDirectory(socket: string): Promise<string | undefined> {
  for (let path = dirname(socket); ; path = dirname(path)) {
    const mode = await stat(path).then(
      (found) => found.mode,
      () => 0,
    );
    if ((mode & 0o022) !== 0) return path;
    if (path === dirname(path)) return undefined;
  }
}
