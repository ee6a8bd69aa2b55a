import type { Reader } from './reader.js';
import type { NetworkValue, TextOrPattern } from './syntax.js';
/** An address without brackets, canonical. */
export declare function readIp(reader: Reader, what: string): string;
/** An address with or without a length, which may have blanks before it. */
export declare function readNetwork(reader: Reader): NetworkValue;
/** `/24`; above the width of an address milter-greylist masks all of it away. */
export declare function readBits(reader: Reader, width: number): number;
/** `user@example.org` or a pattern. */
export declare function readMailbox(reader: Reader): TextOrPattern;
/** The name of a host or domain, or a pattern. */
export declare function readDomain(reader: Reader): TextOrPattern;
/** Without quotes: a name or an address. */
export declare function readHost(reader: Reader): string;
/** The zone of a DNS list, without quotes. */
export declare function readZone(reader: Reader): string;
