import { parseIpAddress } from '../mail/ip-address.js';
/** A line that is no record; the message says what is wrong with it. */
export class RecordError extends Error {
    constructor(message) {
        super(message);
        this.name = 'RecordError';
    }
}
/** Reads a JSON text that must be an object. */
export function parseFields(text) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        throw new RecordError('is no JSON');
    }
    return asFields(value, 'the line');
}
/** @param what how the message calls it */
export function asFields(value, what) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new RecordError(`${what} is no object`);
    }
    // Whatever an object holds, its fields are unknown.
    return value;
}
export function readText(fields, name) {
    const value = fields[name];
    if (typeof value !== 'string')
        throw new RecordError(`"${name}" is no text`);
    return value;
}
export function readOptionalText(fields, name) {
    return fields[name] === undefined ? undefined : readText(fields, name);
}
/** A whole number from 0 to `most`. */
export function readCount(fields, name, most) {
    const value = fields[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most) {
        throw new RecordError(`"${name}" is no whole number from 0 to ${most}`);
    }
    return value;
}
/** Epoch milliseconds of an instant in {@link formatInstant}'s form. */
export function readInstant(fields, name) {
    const instant = Date.parse(readText(fields, name));
    if (!(instant >= 0))
        throw new RecordError(`"${name}" is no time`);
    return instant;
}
export function readOptionalInstant(fields, name) {
    return fields[name] === undefined ? undefined : readInstant(fields, name);
}
export function readAddress(fields, name) {
    const address = parseIpAddress(readText(fields, name));
    if (address === undefined)
        throw new RecordError(`"${name}" is no address`);
    return address;
}
/** An array of at most `most` values. */
export function readList(fields, name, most) {
    const value = fields[name];
    if (!Array.isArray(value) || value.length > most) {
        throw new RecordError(`"${name}" is no list of at most ${most}`);
    }
    return value;
}
/** The last instant that has a date, in the year 275760. */
export const LAST_DATE = 8.64e15;
/** RFC 3339 in UTC with milliseconds. @throws RangeError after {@link LAST_DATE} */
export function formatInstant(instant) {
    return new Date(instant).toISOString();
}
//# sourceMappingURL=json-fields.js.map