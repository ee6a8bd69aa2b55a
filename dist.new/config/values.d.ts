import type { Parsed } from './parsed.js';
/** Where records are kept. */
export interface StoreUrl {
    readonly kind: 'level';
    /** Of the database's directory. */
    readonly path: string;
}
/** Where log lines go. */
export type LogTarget = {
    readonly kind: 'console';
} | {
    readonly kind: 'file';
    readonly path: string;
} | {
    readonly kind: 'syslog';
    readonly facility: string;
    readonly tag: string;
};
/** Reads `level:PATH`. */
export declare function parseStoreUrl(text: string): Parsed<StoreUrl>;
/** Writes what {@link parseStoreUrl} reads. */
export declare function formatStoreUrl(url: StoreUrl): string;
/** Reads `console`, `file:PATH`, `syslog:FACILITY` or `syslog:FACILITY:TAG`. */
export declare function parseLogTarget(text: string): Parsed<LogTarget>;
/** Writes what {@link parseLogTarget} reads. */
export declare function formatLogTarget(target: LogTarget): string;
/** Reads an absolute path. */
export declare function parseAbsolutePath(text: string): Parsed<string>;
/** Reads the permissions of a file in octal, as chmod takes them: `0660`. */
export declare function parseFileMode(text: string): Parsed<number>;
/** Writes what {@link parseFileMode} reads. */
export declare function formatFileMode(mode: number): string;
/** Reads the name or the number of a user or group; whether there is one is seen when it is used. */
export declare function parseAccount(text: string): Parsed<string>;
/**
 * Reads the code of a reply that puts a client off. RFC 5321 section 4.2 allows 0 to 5 for the
 * second digit.
 */
export declare function checkReplyCode(code: number): Parsed<number>;
/**
 * Reads an enhanced status code (RFC 3463, section 2: up to three digits without leading zeros).
 * Class 4 alone, since the reply code is a 4xx one too: where the two differ Postfix puts the
 * filter aside for the rest of the session.
 */
export declare function parseEnhancedCode(text: string): Parsed<string>;
declare const IDENTITIES: readonly ["network", "spf", "host-name"];
/** What shows that a client has tried before. */
export declare function parseIdentity(text: string): Parsed<(typeof IDENTITIES)[number]>;
export {};
