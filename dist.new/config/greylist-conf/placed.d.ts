import type { Path } from '../settings.js';
import type { Place } from '../yaml-text.js';
/** Plain data as YAML gives it, with places in a file of another language in it. */
export type Node = string | number | boolean | null | undefined | readonly Node[] | {
    readonly [key: string]: Node;
} | Placed;
/** A mapping of the configuration that is being written. */
export type Mapping = {
    readonly [key: string]: Node;
};
/** A value, and where it comes from. */
export declare class Placed {
    readonly value: Node;
    readonly place: Place;
    constructor(value: Node, place: Place);
}
/** Says of a value, and of all in it that says nothing itself, where it comes from. */
export declare function at(place: Place, value: Node): Placed;
/** The value without its place. */
export declare function bare(node: Node): Exclude<Node, Placed>;
/** Plain data, and where each part of it comes from. */
export interface Tree {
    readonly value: unknown;
    /** The place of what stands at a path; undefined if it comes from nowhere. */
    place(path: Path): Place | undefined;
    /** What says itself where it comes from, in the order of the tree; outer parts before inner ones. */
    readonly placed: readonly {
        readonly path: Path;
        readonly place: Place;
    }[];
}
/** Takes the places out of a value. What is undefined is left out. */
export declare function plant(node: Node): Tree;
