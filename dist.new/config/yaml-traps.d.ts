/** Something wrong with YAML, put into words. */
export interface SyntaxProblem {
    readonly problem: string;
    readonly hint: string | undefined;
    /** Whether what follows can still be believed to be what it looks like. */
    readonly isLocal: boolean;
}
/** An alias that nothing stands for: as a rule it is a pattern or an address with an asterisk. */
export declare function unresolvedAlias(name: string): SyntaxProblem;
/** A name for what stands behind it, where nothing does: it was meant as the value. */
export declare function loneAnchor(name: string): SyntaxProblem;
/**
 * Puts an error of the YAML library into words, with what most likely led to it.
 *
 * @param offset where in the text it was noticed
 */
export declare function describeSyntaxError(code: string, message: string, text: string, offset: number): SyntaxProblem;
