import type { PosixNode } from './posix-tree.js';
/** What may stand at one side of a place: a letter, digit or `_`; or anything else, or nothing. */
export interface Edge {
    readonly mayBeWord: boolean;
    readonly mayBeOther: boolean;
    /** Whether the whole pattern lies at the other side. */
    readonly isOutside: boolean;
}
/** Both sides of a place. */
export interface Edges {
    readonly before: Edge;
    readonly after: Edge;
}
type Side = keyof Edges;
export declare const OUTSIDE: Edges;
/**
 * What may stand at a side of a place where a node begins or ends.
 *
 * @param beyond what may stand there if the node is empty
 */
export declare function edgeOf(node: PosixNode, side: Side, beyond: Edge): Edge;
/** Both sides of each part of a sequence. */
export declare function edgesOfParts(parts: readonly PosixNode[], around: Edges): readonly Edges[];
/** Both sides of what is repeated: another of it may stand there as well. */
export declare function edgesOfRepeated(body: PosixNode, around: Edges): Edges;
export {};
