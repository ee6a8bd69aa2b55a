/** What is taken out of senders, by kind; the words of the setting `greylist.sender.strip`. */
export declare const senderParts: readonly ["batv", "srs", "verp", "tokens"];
export type SenderPart = (typeof senderParts)[number];
/** Which kinds are taken out. */
export type StrippedParts = Readonly<Record<SenderPart, boolean>>;
/**
 * One spelling of the local part for all mails of one correspondence: without signature, time stamp,
 * recipient, counter and the like. Domains of others in it stay, so mail of two domains never becomes
 * the same; and what was normalised once stays as it is. Quoted local parts are people's, and left alone.
 *
 * @param domain of the address, which may tell that it is for bounces
 */
export declare function stableLocalPart(localPart: string, domain: string, strip: StrippedParts): string;
