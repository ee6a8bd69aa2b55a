import type { Place } from '../yaml-text.js';
import type { Mapping } from './placed.js';
/** A configuration that grows: mappings are merged, everything else is replaced. */
export declare function merge(base: Mapping, more: Mapping): Mapping;
/** Says of each value in a mapping where it comes from. */
export declare function placeLeaves(place: Place, mapping: Mapping): Mapping;
