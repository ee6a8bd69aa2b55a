/** A plain text that a pattern looks for. */
export interface Literal {
    readonly at: 'whole' | 'start' | 'end' | 'anywhere';
    /** In lower case if case is ignored. */
    readonly value: string;
    readonly ignoreCase: boolean;
}
/**
 * The plain text that a pattern means, such as `^mx\.example\.org$` or `\.example\.org$`; undefined
 * if it means more than one. Only printable ASCII; what the engine also takes for an `s`, the long
 * one of old prints, does not count.
 */
export declare function readLiteral(source: string, ignoreCase: boolean): Literal | undefined;
