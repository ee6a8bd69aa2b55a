import type { IpAddress } from '../mail/ip-address.js';
/** An object of a JSON text. */
export type JsonFields = Readonly<Record<string, unknown>>;
/** A line that is no record; the message says what is wrong with it. */
export declare class RecordError extends Error {
    constructor(message: string);
}
/** Reads a JSON text that must be an object. */
export declare function parseFields(text: string): JsonFields;
/** @param what how the message calls it */
export declare function asFields(value: unknown, what: string): JsonFields;
export declare function readText(fields: JsonFields, name: string): string;
export declare function readOptionalText(fields: JsonFields, name: string): string | undefined;
/** A whole number from 0 to `most`. */
export declare function readCount(fields: JsonFields, name: string, most: number): number;
/** Epoch milliseconds of an instant in {@link formatInstant}'s form. */
export declare function readInstant(fields: JsonFields, name: string): number;
export declare function readOptionalInstant(fields: JsonFields, name: string): number | undefined;
export declare function readAddress(fields: JsonFields, name: string): IpAddress;
/** An array of at most `most` values. */
export declare function readList(fields: JsonFields, name: string, most: number): readonly unknown[];
/** The last instant that has a date, in the year 275760. */
export declare const LAST_DATE = 8640000000000000;
/** RFC 3339 in UTC with milliseconds. @throws RangeError after {@link LAST_DATE} */
export declare function formatInstant(instant: number): string;
