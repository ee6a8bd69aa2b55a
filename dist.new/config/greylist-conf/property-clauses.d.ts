import type { Context } from './context.js';
import type { Clause } from './syntax.js';
import type { Test } from './test.js';
type Of<Kind extends Clause['kind']> = Extract<Clause, {
    readonly kind: Kind;
}>;
/** `set` and `rset`, which always hold; the first lives as long as the message. */
export declare function setProperty(clause: Extract<Clause, {
    readonly property: string;
    readonly operator: string;
}>): Test;
/** What a property is. */
export declare function testProperty(clause: Of<'property'>, context: Context): Test;
/** The property is a pattern of a shell for the text. */
export declare function testGlob({ property, subject, place }: Of<'property-glob'>): Test;
export {};
