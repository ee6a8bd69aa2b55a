import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';

/**
 * The path of a file that milter-greylist writes. What is relative is below `/`, where it is once it
 * has gone into the background; undefined, and told, if no file can have the name.
 */
export function absolutePath(
  { path, place, kind }: { readonly path: string; readonly place: Place; readonly kind: string },
  { findings }: Context,
): string | undefined {
  if (path === '' || path.endsWith('/')) {
    findings.note(place, kind, 'is no path of a file, and has no effect');
    return undefined;
  }
  if (path.startsWith('/')) return path;
  const absolute = `/${path}`;
  const hint = 'milter-greylist is in / once it is in the background: write the whole path';
  findings.note(place, kind, `is ${absolute} here`, hint);
  return absolute;
}
