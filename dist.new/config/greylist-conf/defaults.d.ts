import type { Mapping } from './placed.js';
/**
 * Where milter-greylist's defaults differ from ours: what holds for a file that says nothing, in the
 * order in which our configuration is written.
 */
export declare const GREYLIST_CONF_DEFAULTS: Mapping;
