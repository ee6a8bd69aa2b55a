import type { Path } from './settings.js';
import type { SyntaxProblem } from './yaml-traps.js';
/** A place in a text; both count from 1. */
export interface Place {
    readonly line: number;
    readonly column: number;
}
/** Where and how a value was written. */
export interface Written {
    readonly key: Place | undefined;
    readonly value: Place;
    /** The characters of a scalar: `0660` is the number 660 to YAML. */
    readonly source: string | undefined;
}
/** Something wrong with the YAML itself. */
export interface YamlProblem extends SyntaxProblem {
    readonly place: Place;
    readonly path: Path;
}
/** A YAML text as plain data, with where everything in it was written. */
export interface YamlText {
    /**
     * Mappings without a prototype, arrays and scalars. Undefined where nothing was written, be it
     * the whole text or the value of a key; null only where null was written.
     */
    readonly value: unknown;
    readonly problems: readonly YamlProblem[];
    written(path: Path): Written | undefined;
}
/**
 * Reads YAML 1.2 and finds everything that is wrong with it at once. Whatever the text is, this
 * returns. One mistake makes a parser stumble several times; only the first time is told.
 */
export declare function readYaml(text: string): YamlText;
/** Writes plain data as YAML that {@link readYaml} reads as the same data. */
export declare function writeYaml(value: unknown): string;
/** What is said of the value at a path: in lines before it, and behind it on its own line. */
export interface Annotation {
    readonly path: Path;
    readonly before: readonly string[];
    readonly behind: string | undefined;
}
/** The same with comments; what is said of a value that is not there is left out. */
export declare function writeAnnotatedYaml(value: unknown, annotations: readonly Annotation[]): string;
