import type { Parsed } from '../../config/parsed.js';
import type { Network } from '../../mail/network.js';
import type { NameEntry } from './name-entry.js';
/** Some clients, by their address or by their verified name. */
export type ClientEntry = {
    readonly kind: 'network';
    readonly text: string;
    readonly network: Network;
}
/** Those without a verified name, whom Postfix and lists of Postgrey call `unknown`. */
 | {
    readonly kind: 'nameless';
    readonly text: string;
} | NameEntry;
/**
 * Reads an address, a network, or a name as {@link parseNameEntry} does. `192.0.2.1/24` is refused:
 * whether the address or its network was meant decides who is let through.
 */
export declare function parseClientEntry(text: string): Parsed<ClientEntry>;
