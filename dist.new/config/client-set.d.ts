import type { Network } from '../mail/network.js';
import type { Parsed } from './parsed.js';
/** Some clients: a network, or a word for several. */
export interface ClientSet {
    /** The word, or the network in canonical text. */
    readonly text: string;
    readonly networks: readonly Network[];
}
/**
 * Reads `loopback`, `private`, a network as `192.0.2.0/24`, or a single address. `192.0.2.1/24` is
 * refused: whether the address or its network was meant decides who is let through.
 */
export declare function parseClientSet(text: string): Parsed<ClientSet>;
/** Writes what {@link parseClientSet} reads. */
export declare function formatClientSet(clients: ClientSet): string;
