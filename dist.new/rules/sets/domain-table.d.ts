/**
 * What is below which domain. A name costs one look for each of its labels, and no more than the
 * deepest domain of the table has, however long the name is that a client has chosen.
 */
export declare class DomainTable<Value> {
    #private;
    /** Of a domain that comes twice the first counts. */
    add(domain: string, value: Value): void;
    /** What is known of the closest domain above a name; the name itself is not above it. */
    findAbove(name: string): Value | undefined;
}
