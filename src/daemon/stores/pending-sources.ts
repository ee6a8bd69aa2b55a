import { readBackCorrespondence } from '../../greylist/correspondence-codec.js';
import { isCorrespondenceKey } from '../../greylist/correspondence-key.js';
import type { Source } from '../../greylist/correspondence.js';
import { isLive } from '../../greylist/find-source.js';

/** The triplets of a record that wait; none of what is no correspondence, or cannot be read. */
export function pendingSources(
  key: string,
  value: Uint8Array | undefined,
  now: number,
): readonly Source[] {
  if (value === undefined || !isCorrespondenceKey(key)) return [];
  try {
    return readBackCorrespondence(value).sources.filter(
      (source) => source.passedAt === undefined && isLive(source, now),
    );
  } catch {
    // Whoever reads it next tells of it.
    return [];
  }
}
