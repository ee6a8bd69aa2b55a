/**
 * An address as milter-greylist has it in its database, without the brackets: each byte that is no
 * printable character a `_`, and cut off behind 324 bytes. Its case is kept.
 *
 * @param text the address as the client wrote it, without brackets
 */
export declare function milterGreylistAddress(text: string): string;
/**
 * The same for a sender, of which the part up to the last `=` is left out: that is where VERP, BATV
 * and SRS write what differs from mail to mail.
 */
export declare function milterGreylistSender(text: string): string;
