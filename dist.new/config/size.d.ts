import type { Parsed } from './parsed.js';
/**
 * Reads a size: `64KiB`, `1MiB`, `2GiB`, or plain bytes. `KB` and `K` are refused, as half the
 * world means 1000 by them.
 *
 * @returns bytes
 */
export declare function parseSize(text: string): Parsed<number>;
/** Writes bytes the way {@link parseSize} reads them, in the largest unit that divides them. */
export declare function formatSize(bytes: number): string;
