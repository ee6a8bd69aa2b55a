import type { ClientEntry } from '../rules/sets/client-entry.js';
import type { PostgreyEntry, PostgreyLine } from './postgrey-line.js';
type ClientLine = PostgreyLine<ClientEntry>;
/**
 * Reads a line of Postgrey's `whitelist_clients`: a name with all names below it, a pattern for names,
 * an address, its beginning (`192.0.2`) or a network.
 */
export declare function parsePostgreyClient(line: PostgreyEntry): ClientLine;
export {};
