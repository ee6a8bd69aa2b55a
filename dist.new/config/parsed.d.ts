/**
 * What a value parser makes of a text: the value, or what is wrong with it and, where that can be
 * said, how to write it. The problem is a predicate ("needs a unit"), as it follows the setting's
 * name in the report.
 */
export type Parsed<T> = {
    readonly ok: T;
} | {
    readonly problem: string;
    readonly hint?: string;
};
