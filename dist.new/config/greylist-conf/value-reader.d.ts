import type { Reader } from './reader.js';
import type { RuleValueBody, TarpitScope } from './syntax.js';
export declare const VALUE_WORDS: readonly string[];
/** Reads a value from its word on; undefined if the word is none of them. */
export declare function readValue(reader: Reader): RuleValueBody | undefined;
/** `comand` is what milter-greylist reads, for a slip of its own; `command` is what it means. */
export declare function readTarpitScope(reader: Reader): TarpitScope;
