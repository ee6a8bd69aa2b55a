import type { Reader } from './reader.js';
import type { Setting } from './syntax.js';
type ReadSetting = (reader: Reader) => Setting;
/** How what stands behind the word of each setting is read. */
export declare const settings: ReadonlyMap<string, ReadSetting>;
export {};
