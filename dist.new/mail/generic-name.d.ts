import type { IpAddress } from './ip-address.js';
/**
 * Whether a host name looks as if it was generated from an address, or handed out with one: octets
 * or hexadecimal digits of an address, or words such as dyn, dsl, pool and static. Says nothing about
 * whether it is true.
 *
 * @param name in lower case
 * @param address that the name belongs to; with it also parts of it are recognised
 */
export declare function isGenericName(name: string, address?: IpAddress): boolean;
