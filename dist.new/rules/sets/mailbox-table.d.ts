/**
 * Mailboxes by their addresses, found also with an extension: `joe` by `joe+news`. An address costs
 * a look for each `+` of its local part, and no more than the mailbox with most of them has and one.
 */
export declare class MailboxTable<Value> {
    #private;
    /**
     * Of a mailbox that comes twice the first counts.
     *
     * @param domain empty for any domain
     */
    add(localPart: string, domain: string, value: Value): void;
    /** What is known of the mailbox of an address, at its domain or at any. */
    find(localPart: string, domain: string): Value | undefined;
}
