import type { Path } from '../settings.js';
import type { Place } from '../yaml-text.js';

/** Plain data as YAML gives it, with places in a file of another language in it. */
export type Node =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Node[]
  | { readonly [key: string]: Node }
  | Placed;

/** A mapping of the configuration that is being written. */
export type Mapping = { readonly [key: string]: Node };

/** A value, and where it comes from. */
export class Placed {
  readonly value: Node;
  readonly place: Place;

  constructor(value: Node, place: Place) {
    this.value = value;
    this.place = place;
  }
}

/** Says of a value, and of all in it that says nothing itself, where it comes from. */
export function at(place: Place, value: Node): Placed {
  return new Placed(value, place);
}

/** The value without its place. */
export function bare(node: Node): Exclude<Node, Placed> {
  return node instanceof Placed ? bare(node.value) : node;
}

/** Plain data, and where each part of it comes from. */
export interface Tree {
  readonly value: unknown;
  /** The place of what stands at a path; undefined if it comes from nowhere. */
  place(path: Path): Place | undefined;
  /** What says itself where it comes from, in the order of the tree; outer parts before inner ones. */
  readonly placed: readonly { readonly path: Path; readonly place: Place }[];
}

const nameOf = (path: Path): string => path.join('\0');

/** Takes the places out of a value. What is undefined is left out. */
export function plant(node: Node): Tree {
  const places = new Map<string, Place>();
  const placed: { path: Path; place: Place }[] = [];
  const read = (inner: Node, path: Path, around: Place | undefined): unknown => {
    if (inner instanceof Placed) {
      placed.push({ path, place: inner.place });
      return read(inner.value, path, inner.place);
    }
    if (around !== undefined) places.set(nameOf(path), around);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (isList(inner)) {
      return inner
        .filter((element) => element !== undefined)
        .map((element, index) => read(element, [...path, index], around));
    }
    // Without a prototype, as YAML is read, so that a key is never anything but a key.
    const mapping: Record<string, unknown> = { __proto__: null };
    for (const [key, value] of Object.entries(inner)) {
      if (bare(value) !== undefined) mapping[key] = read(value, [...path, key], around);
    }
    return mapping;
  };
  const value = read(node, [], undefined);
  return { value, placed, place: (path) => places.get(nameOf(path)) };
}

function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}
