import { readdirSync, readlinkSync } from 'node:fs';

/** What a process has open, by path; ` (deleted)` is behind what nobody finds any more. Without a number this one. */
export function openFiles(pid: number | 'self' = 'self'): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      return [readlinkSync(`${folder}/${descriptor}`)];
    } catch {
      // It was closed this moment, as is that of the listing itself.
      return [];
    }
  });
}
