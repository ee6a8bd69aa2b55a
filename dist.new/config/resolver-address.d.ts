import type { Parsed } from './parsed.js';
/** A DNS server. */
export interface ResolverAddress {
    readonly address: string;
    readonly port: number;
}
/** Reads the address of a DNS server, with its port if that is not 53. */
export declare function parseResolver(text: string): Parsed<ResolverAddress>;
/** Writes what {@link parseResolver} reads. */
export declare function formatResolver({ address, port }: ResolverAddress): string;
