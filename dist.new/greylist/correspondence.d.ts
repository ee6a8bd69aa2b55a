import type { IpAddress } from '../mail/ip-address.js';
/**
 * One client network that has tried to deliver for a (sender, recipient) pair. All instants are
 * epoch milliseconds: whole numbers, not negative.
 */
export interface Source {
    /** The address of its last stored attempt. */
    readonly address: IpAddress;
    /**
     * How many bits of the address make its network: the fewest that any setting had when the source
     * was stored, so that no address it once stood for is ever shut out again.
     */
    readonly prefix: number;
    /** The last verified name of that address. */
    readonly name: string | undefined;
    /** When its clock began: its first attempt, or an earlier one that its transaction shares. */
    readonly firstSeenAt: number;
    readonly lastSeenAt: number;
    /** All attempts while it waited; of a known source only those that renewed it. */
    readonly attempts: number;
    /** Explicit, so that no change of a setting ever takes it away; absent while the source waits. */
    readonly passedAt: number | undefined;
    /** From here on the source is forgotten: the end of its retry window, or of its autowhite. */
    readonly expiresAt: number;
    /**
     * When it may pass, where that was fixed at its first attempt, as milter-greylist does; absent
     * once it has passed, and where the delay of now decides.
     */
    readonly acceptAt?: number | undefined;
    /**
     * How sender and recipient were written, where that counts while it waits, and is not as the key
     * has them.
     */
    readonly spelling?: string | undefined;
}
/**
 * The attempts of a pair that were put off since it last passed, from whatever networks they came:
 * the pair's own clock, which patience goes by.
 */
export interface PutOffSeries {
    readonly firstAt: number;
    /** When the pair last came back at least a delay after it had before; at first, `firstAt`. */
    readonly lastReturnAt: number;
    /** How often it came back so. */
    readonly returns: number;
}
/** All that is remembered of one (sender, recipient) pair. */
export interface Correspondence {
    /** Absent if nothing was put off since the pair last passed. */
    readonly series: PutOffSeries | undefined;
    /** At most {@link MAX_SOURCES}. */
    readonly sources: readonly Source[];
}
/** Enough for the pools of large senders that retry from many networks, few enough for one read. */
export declare const MAX_SOURCES = 32;
