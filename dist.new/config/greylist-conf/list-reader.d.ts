import type { Reader } from './reader.js';
import type { List } from './syntax.js';
/** Reads a list from behind its word. */
export declare function readList(reader: Reader): List;
