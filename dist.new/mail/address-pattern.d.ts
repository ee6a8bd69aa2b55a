import type { EnvelopeAddress } from './envelope-address.js';
/**
 * Some senders or recipients: the null sender, a local part at any domain, a domain, or one address.
 * An absent part matches whatever stands there; both are lower case.
 */
export interface AddressPattern {
    /** As it is written: `<>`, `local@`, `@domain` or `local@domain`. */
    readonly text: string;
    readonly localPart: string | undefined;
    readonly domain: string | undefined;
}
/** Whether the pattern means this address; letter case never matters. */
export declare function matchesAddress(pattern: AddressPattern, address: EnvelopeAddress): boolean;
