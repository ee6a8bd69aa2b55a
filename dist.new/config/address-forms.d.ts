import type { AddressNormalisation } from '../mail/normalise-address.js';
import { type SenderPart } from '../mail/sender-spelling.js';
import type { Parsed } from './parsed.js';
import type { Config } from './schema.js';
/** Reads a kind of what is taken out of senders: `batv`. */
export declare function parseSenderPart(text: string): Parsed<SenderPart>;
/** Writes what {@link parseSenderPart} reads. */
export declare function formatSenderPart(part: SenderPart): string;
/** Reads the characters that begin an extension, such as `+` or `+-`. */
export declare function parseDelimiters(text: string): Parsed<string>;
/** What counts as one sender, and as one recipient, for the triplets and for rules. */
export declare function addressForms({ sender, recipient, }: Pick<Config['greylist'], 'sender' | 'recipient'>): Readonly<Record<'sender' | 'recipient', AddressNormalisation>>;
