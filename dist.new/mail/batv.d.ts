/** A local part with a signature of BATV (bounce address tag validation). */
export interface SignedSender {
    /** All before the user, the tag included; undefined where the tag stands behind the user. */
    readonly wrapping: string | undefined;
    readonly user: string;
}
/**
 * Takes one signature off: `prvs=1234abcdef=joe` is of `joe`, so that signed and unsigned mail of one
 * mailbox can be the same. Undefined if there is none.
 */
export declare function parseSignedSender(localPart: string): SignedSender | undefined;
