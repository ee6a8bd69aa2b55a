import type { Parsed } from './parsed.js';
/** Where a listener stands. `host` is always an address in canonical text, never a name. */
export type SocketAddress = {
    readonly kind: 'unix';
    readonly path: string;
} | {
    readonly kind: 'inet';
    readonly host: string;
    /** 0: any free port, which the daemon then logs. */
    readonly port: number;
    readonly family: 4 | 6;
};
/** An address that only this machine has. */
export type UnixSocketAddress = Extract<SocketAddress, {
    kind: 'unix';
}>;
/**
 * Reads a listener's address in Sendmail's spelling (`unix:/p`, `local:/p`, `inet:10033@127.0.0.1`,
 * `inet6:10033@[::1]`), in Postfix's (`unix:/p`, `inet:127.0.0.1:10033`, `inet:[::1]:10033`), or
 * as a bare path.
 *
 * A port alone, `inet:10033`, is refused: Sendmail and libmilter mean every interface by it, and
 * who writes it seldom does. `inet` takes both families, as Postfix does.
 */
export declare function parseSocketAddress(text: string): Parsed<SocketAddress>;
/** Reads the address of a Unix socket, where the modes of files say who may connect. */
export declare function parseUnixSocketAddress(text: string): Parsed<UnixSocketAddress>;
/** Writes Sendmail's spelling, in which both families look alike. */
export declare function formatSocketAddress(address: SocketAddress): string;
/** Whether only this machine can reach the address. */
export declare function isLocalSocket(address: SocketAddress): boolean;
