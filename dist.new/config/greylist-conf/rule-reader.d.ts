import type { Reader } from './reader.js';
import type { Rule } from './syntax.js';
/** Reads a rule from behind its word. */
export declare function readRule(reader: Reader, keyword: 'racl' | 'dacl' | 'acl'): Rule;
