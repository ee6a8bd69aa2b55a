/** A POSIX regular expression as it is meant, whichever dialect it was written in. */
export type PosixNode = {
    readonly kind: 'character';
    readonly character: string;
} | {
    readonly kind: 'any';
} | PosixSet | {
    readonly kind: 'anchor';
    readonly at: AnchorPlace;
} | {
    readonly kind: 'group';
    readonly body: PosixNode;
} | PosixRepeat | {
    readonly kind: 'sequence';
    readonly parts: readonly PosixNode[];
} | {
    readonly kind: 'choice';
    readonly branches: readonly PosixNode[];
};
export interface PosixRepeat {
    readonly kind: 'repeat';
    readonly body: PosixNode;
    readonly min: number;
    /** Undefined for any number. */
    readonly max: number | undefined;
}
/** One character out of several: `[…]`, `\w`, `\s` and what they leave out. */
export interface PosixSet {
    readonly kind: 'set';
    readonly isNegated: boolean;
    readonly items: readonly SetItem[];
    /** Whether a newline may be what is left out: of `\W` and `\S`, but not of `[^…]`. */
    readonly mayBeNewline: boolean;
}
export type SetItem = {
    readonly kind: 'range';
    readonly first: number;
    readonly last: number;
} | {
    readonly kind: 'class';
    readonly name: ClassName;
};
/** The classes of ASCII, by their names between `[:` and `:]`. */
export declare const CLASS_NAMES: readonly ["alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl", "xdigit"];
export type ClassName = (typeof CLASS_NAMES)[number];
export type AnchorPlace = 'line-start' | 'line-end' | 'text-start' | 'text-end' | 'word-start' | 'word-end' | 'word-edge' | 'no-word-edge';
