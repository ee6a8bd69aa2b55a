/**
 * How many letters must be added, removed, changed, or swapped with their neighbour to get from
 * one word to the other.
 */
export declare function editDistance(a: string, b: string): number;
/** The known word that was most likely meant; undefined if none is near. Letter case is ignored. */
export declare function nearest(word: string, known: Iterable<string>): string | undefined;
