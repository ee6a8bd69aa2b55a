import type { Parsed } from '../config/parsed.js';
/** Some hours of some days of the week. */
export interface TimeWindow {
    /** As it was written. */
    readonly text: string;
    /** By weekday, Monday first: whether a window begins on that day. */
    readonly days: readonly boolean[];
    /** Minutes since midnight; the end is not in it, and may lie on the next day. */
    readonly start: number;
    readonly end: number;
}
/** A moment on the clock and calendar of a place. */
export interface LocalTime {
    /** 0 is Monday. */
    readonly weekday: number;
    readonly minute: number;
    /** Of the month, from 1. */
    readonly day: number;
    /** 1 is January. */
    readonly month: number;
}
/**
 * Reads `09:00-17:00`, `mon-fri`, `sat,sun`, or days and hours: `mon-fri 09:00-17:00`. Hours may go
 * over midnight, and belong to the day on which they begin.
 */
export declare function parseTimeWindow(text: string): Parsed<TimeWindow>;
/** Whether a moment is in a window. */
export declare function isInWindow({ days, start, end }: TimeWindow, { weekday, minute }: Pick<LocalTime, 'weekday' | 'minute'>): boolean;
/** Reads the name of a time zone, such as `Europe/Berlin` or `UTC`. */
export declare function parseTimeZone(text: string): Parsed<string>;
/**
 * What clock and calendar of a time zone show, for epoch milliseconds. The last minute is kept: what
 * asks again and again asks for the same one, and the calendar costs some microseconds.
 */
export declare function createLocalClock(timeZone: string): (now: number) => LocalTime;
