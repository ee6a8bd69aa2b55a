import type { AddressEntry } from '../rules/sets/address-entry.js';
import type { PostgreyEntry, PostgreyLine } from './postgrey-line.js';
/**
 * Reads a line of Postgrey's `whitelist_recipients`, which here may as well be about senders: a mailbox
 * with its extensions, `user@` at any domain, a domain with those below it, or a pattern.
 */
export declare function parsePostgreyAddress(line: PostgreyEntry): PostgreyLine<AddressEntry>;
