/** A kind of condition of the rule that decided, and on which side it stands. */
export interface Clause {
    /** As in the configuration: `client-name`. */
    readonly kind: string;
    /** Whether it had to fail. */
    readonly isNegated: boolean;
}
/** What the words of milter-greylist need to know of a decision, beyond what ours do. */
export interface Particulars {
    readonly clauses: readonly Clause[];
    /** The client's country, if a condition has asked for it. */
    readonly country: string | undefined;
}
