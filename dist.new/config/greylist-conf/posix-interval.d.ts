import type { PosixSource } from './posix-source.js';
/** Reads `2}`, `2,}`, `,5}` or `2,5}` from behind the brace, with the closing one. */
export declare function readInterval(source: PosixSource, close: string): {
    min: number;
    max: number | undefined;
};
