import type { AddressPattern } from '../mail/address-pattern.js';
import type { Parsed } from './parsed.js';
/** Reads an address pattern. A local part may hold an `@`; a domain cannot. */
export declare function parseAddressPattern(text: string): Parsed<AddressPattern>;
/** Writes what {@link parseAddressPattern} reads. */
export declare function formatAddressPattern(pattern: AddressPattern): string;
