import type { Mapping } from './placed.js';
import type { Flag } from './syntax.js';
/** What a flag comes to. */
export declare function translateFlag(flag: Flag): Mapping;
/** What changes nothing here, and why. */
export declare const MEANINGLESS: Readonly<Partial<Record<Flag, string>>>;
