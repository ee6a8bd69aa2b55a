const PLUS = 0x2b;
/**
 * Mailboxes by their addresses, found also with an extension: `joe` by `joe+news`. An address costs
 * a look for each `+` of its local part, and no more than the mailbox with most of them has and one.
 */
export class MailboxTable {
    #values = new Map();
    #pluses = 0;
    /**
     * Of a mailbox that comes twice the first counts.
     *
     * @param domain empty for any domain
     */
    add(localPart, domain, value) {
        const key = keyOf(localPart, domain);
        if (this.#values.has(key))
            return;
        this.#values.set(key, value);
        this.#pluses = Math.max(this.#pluses, localPart.split('+').length - 1);
    }
    /** What is known of the mailbox of an address, at its domain or at any. */
    find(localPart, domain) {
        if (this.#values.size === 0)
            return undefined;
        const whole = this.#at(localPart, domain);
        if (whole !== undefined)
            return whole;
        let pluses = 0;
        // Behind the `+` there has to be something.
        for (let at = 1; at < localPart.length - 1 && pluses <= this.#pluses; at++) {
            if (localPart.charCodeAt(at) !== PLUS)
                continue;
            pluses += 1;
            const found = this.#at(localPart.slice(0, at), domain);
            if (found !== undefined)
                return found;
        }
        return undefined;
    }
    #at(localPart, domain) {
        return this.#values.get(keyOf(localPart, domain)) ?? this.#values.get(keyOf(localPart, ''));
    }
}
function keyOf(localPart, domain) {
    return `${localPart}@${domain}`;
}
//# sourceMappingURL=mailbox-table.js.map