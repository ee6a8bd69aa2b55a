import type { Place } from '../yaml-text.js';
/**
 * Something about a file of milter-greylist's that whoever wrote it should know. A `note`: it is
 * done, though in another way than the words may suggest. `unsupported`: it is not done, and the
 * daemon starts only if it is told to ignore that. `wrong`: it cannot be meant.
 */
export interface Finding {
    readonly kind: 'note' | 'unsupported' | 'wrong';
    readonly place: Place;
    /** What it is about, a word of the file's: `peer`, `delay`. */
    readonly subject: string;
    /** As what follows it: "is not read". */
    readonly problem: string;
    readonly hint: string | undefined;
}
/** Keeps what is found. */
export declare class Findings {
    #private;
    get all(): readonly Finding[];
    note(place: Place, subject: string, problem: string, hint?: string): void;
    unsupported(place: Place, subject: string, problem: string, hint: string): void;
    wrong(place: Place, subject: string, problem: string, hint?: string): void;
}
