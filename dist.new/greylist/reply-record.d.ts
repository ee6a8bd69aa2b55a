/** Whose reply is expected. Addresses are in the form of `normaliseAddress`, and none is empty. */
export interface ReplyParties {
    /** Whom our own user has written to. */
    readonly sender: string;
    /** Our own user. */
    readonly recipient: string;
}
/** What is remembered of mail that went out. */
export interface ReplyRecord {
    /** When it was written down, in epoch milliseconds; not each mail does it again. */
    readonly writtenAt: number;
}
/**
 * The key of what is remembered of mail that went out, by the parties of the reply to it. The
 * recipient comes first, as in the keys of correspondences.
 */
export declare function replyKey({ sender, recipient }: ReplyParties): string;
/** Reads a key back; undefined if it is not one of {@link replyKey}'s. */
export declare function parseReplyKey(key: string): ReplyParties | undefined;
/** The record's stored form; the instant must be a safe integer and not negative. */
export declare function encodeReply({ writtenAt }: ReplyRecord): Uint8Array;
/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export declare function decodeReply(value: Uint8Array): ReplyRecord;
