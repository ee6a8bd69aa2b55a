import type { Parsed } from '../../config/parsed.js';
import type { Pattern } from '../pattern.js';
/** Some senders or recipients; all in lower case. */
export type AddressEntry = 
/** The null sender `<>`. */
{
    readonly kind: 'null';
    readonly text: string;
} | {
    readonly kind: 'address';
    readonly text: string;
    readonly localPart: string;
    readonly domain: string;
}
/** A local part at any domain. */
 | {
    readonly kind: 'local';
    readonly text: string;
    readonly localPart: string;
} | {
    readonly kind: 'domain';
    readonly text: string;
    readonly domain: string;
}
/** All domains below one, but not that one itself. */
 | {
    readonly kind: 'below';
    readonly text: string;
    readonly domain: string;
}
/** A domain and all domains below it, as lists of Postgrey have them. */
 | {
    readonly kind: 'within';
    readonly text: string;
    readonly domain: string;
}
/** An address, also with an extension behind a `+`, as lists of Postgrey have them. */
 | {
    readonly kind: 'mailbox';
    readonly text: string;
    readonly localPart: string;
    /** Empty: any. */
    readonly domain: string;
} | {
    readonly kind: 'pattern';
    readonly text: string;
    readonly pattern: Pattern;
};
/** Reads an address, `@domain`, `@.domain`, `local-part@`, `<>` or a pattern. */
export declare function parseAddressEntry(text: string): Parsed<AddressEntry>;
