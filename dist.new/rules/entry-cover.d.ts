import { type Network } from '../mail/network.js';
/** An entry of any kind, as far as it can be told whether another one covers it. */
export interface AnyEntry {
    readonly kind: string;
    readonly text: string;
    readonly network?: Network;
    readonly localPart?: string;
    readonly domain?: string;
    readonly name?: string;
}
/**
 * What an entry is and what is wider, as entries are written: whoever matches the entry matches each
 * of these. Of patterns nothing can be told but that they are the same.
 *
 * @param prefixes the prefix lengths of networks that are worth looking for
 */
export declare function coveringTexts(entry: AnyEntry, prefixes: ReadonlySet<number>): readonly string[];
