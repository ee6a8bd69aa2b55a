import type { Correspondence } from '../greylist/correspondence.js';
/**
 * What two stores together remember of a pair. It does not matter which of them is the first, and
 * to merge the same once more changes nothing.
 *
 * - Sources whose networks overlap are one, if they are spelt alike. One that is known goes before one that waits: what has
 *   passed is never lost to what waits. One that has ended goes before none that lives.
 * - Of two that are alike the later says where it came from last; the earlier clock counts, the
 *   later end, the wider network, the larger number of attempts.
 * - Of more than {@link MAX_SOURCES} those stay that are worth most, as in `placeSource`, the ones
 *   that were seen last first.
 * - The pair's own clock goes on unless one of them alone has it, and the pair has passed since it
 *   began.
 *
 * @param now epoch milliseconds
 */
export declare function mergeCorrespondences(a: Correspondence, b: Correspondence, now: number): Correspondence;
/** Whether two records say the same, in whatever order. */
export declare function isSameCorrespondence(a: Correspondence, b: Correspondence): boolean;
