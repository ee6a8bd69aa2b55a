/** An address that a forwarder has rewritten by the Sender Rewriting Scheme. */
export interface RewrittenSender {
    /** All before the user: tag, hash, time stamp and domains. */
    readonly wrapping: string;
    /** The same with placeholders for what differs from day to day. */
    readonly stableWrapping: string;
    /** Whose mail is forwarded, and who would get a bounce. */
    readonly domain: string;
    readonly user: string;
}
/** Takes a rewritten local part apart; undefined if it is none. */
export declare function parseRewrittenSender(localPart: string): RewrittenSender | undefined;
