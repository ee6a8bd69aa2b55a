const DOT = 0x2e;
/**
 * What is below which domain. A name costs one look for each of its labels, and no more than the
 * deepest domain of the table has, however long the name is that a client has chosen.
 */
export class DomainTable {
    #values = new Map();
    #deepest = 0;
    /** Of a domain that comes twice the first counts. */
    add(domain, value) {
        if (this.#values.has(domain))
            return;
        this.#values.set(domain, value);
        this.#deepest = Math.max(this.#deepest, domain.split('.').length);
    }
    /** What is known of the closest domain above a name; the name itself is not above it. */
    findAbove(name) {
        let found;
        let labels = 0;
        for (let at = name.length - 1; at > 0 && labels < this.#deepest; at--) {
            if (name.charCodeAt(at) !== DOT)
                continue;
            labels += 1;
            found = this.#values.get(name.slice(at + 1)) ?? found;
        }
        return found;
    }
}
//# sourceMappingURL=domain-table.js.map