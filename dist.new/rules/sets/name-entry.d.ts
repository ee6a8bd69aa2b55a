import type { Parsed } from '../../config/parsed.js';
import type { Pattern } from '../pattern.js';
/** Some host names; all are lower case. */
export type NameEntry = {
    readonly kind: 'name';
    readonly text: string;
    readonly name: string;
}
/** All names below a domain, but not the domain itself. */
 | {
    readonly kind: 'below';
    readonly text: string;
    readonly domain: string;
}
/** A name and all names below it, as lists of Postgrey have them. */
 | {
    readonly kind: 'within';
    readonly text: string;
    readonly domain: string;
} | {
    readonly kind: 'pattern';
    readonly text: string;
    readonly pattern: Pattern;
};
/** Reads `mx.example.org`, `.example.org` for the names below, or a pattern. */
export declare function parseNameEntry(text: string): Parsed<NameEntry>;
