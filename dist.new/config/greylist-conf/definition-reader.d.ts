import type { Reader } from './reader.js';
import type { Definition } from './syntax.js';
/** Reads a definition from its name on, which may be referred to below. */
export declare function readDefinition(reader: Reader, kind: Definition['kind']): Definition;
