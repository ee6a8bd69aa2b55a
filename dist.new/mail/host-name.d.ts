/**
 * The client's name as far as the MTA vouches for it: lower case, no final dot.
 *
 * @returns undefined where the MTA says in its way that there is none: nothing, `unknown` (Postfix),
 *   `[192.0.2.1]`, `[IPv6:…]`, an address; and for what no resolver could have confirmed, such as
 *   blanks, control characters or bytes beyond ASCII, so that a name is harmless wherever it is
 *   shown.
 */
export declare function verifiedName(text: string): string | undefined;
