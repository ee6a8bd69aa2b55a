/** The whole number that a text begins with, as C's `atoi` reads it; 0 if it begins with none. */
export declare function leadingInteger(text: string): number;
