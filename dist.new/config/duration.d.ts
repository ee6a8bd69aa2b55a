import type { Parsed } from './parsed.js';
/**
 * Reads a duration such as `90s`, `5m`, `1h30m`, `2d` or `1w`: whole numbers, each unit at most
 * once, the largest first. A bare number is refused, because seconds and minutes are both what
 * people mean by it.
 *
 * @returns milliseconds, always whole seconds
 */
export declare function parseDuration(text: string): Parsed<number>;
/**
 * Writes milliseconds the way {@link parseDuration} reads them, in days and less, as people say
 * "36d" rather than "5w1d". What is not a whole second is rounded up.
 */
export declare function formatDuration(durationMs: number): string;
