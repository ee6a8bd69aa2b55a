import type { Place } from '../yaml-text.js';
import { at, Placed } from './placed.js';
import type { Mapping, Node } from './placed.js';

/** A configuration that grows: mappings are merged, everything else is replaced. */
export function merge(base: Mapping, more: Mapping): Mapping {
  const merged: Record<string, Node> = { ...base };
  for (const [key, value] of Object.entries(more)) {
    if (value === undefined) continue;
    const before = merged[key];
    merged[key] = isMapping(before) && isMapping(value) ? merge(before, value) : value;
  }
  return merged;
}

/** Says of each value in a mapping where it comes from. */
export function placeLeaves(place: Place, mapping: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [
      key,
      isMapping(value) ? placeLeaves(place, value) : value === undefined ? value : at(place, value),
    ]),
  );
}

function isMapping(node: Node): node is Mapping {
  return (
    typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Placed)
  );
}
