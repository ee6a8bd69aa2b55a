import type { EnvelopeAddress } from '../mail/envelope-address.js';
import type { IpAddress } from '../mail/ip-address.js';
/** The SMTP stage at which a verdict was asked for and given; libmilter's stage names. */
export type Stage = 'connect' | 'helo' | 'mail' | 'rcpt' | 'data' | 'eom';
/** The protocol over which an attempt came. */
export type Via = 'milter' | 'policy';
/**
 * One recipient of one transaction as the MTA showed it. Both protocols make the same attempt, and
 * nothing behind it knows which one it came from; `via` is for the log alone.
 */
export interface Attempt {
    /** Queue id, or the session's own id where the MTA has none yet (Postfix at the first RCPT). */
    readonly id: string;
    readonly via: Via;
    /** Absent for local submissions, and where the MTA shows something that is no address. */
    readonly clientAddress: IpAddress | undefined;
    /** 0 for Postfix's local submissions. */
    readonly clientPort: number | undefined;
    /** The client's verified name; absent if it has none, a forged one, or only `[address]`. */
    readonly clientName: string | undefined;
    readonly helo: string | undefined;
    readonly sender: EnvelopeAddress;
    readonly recipient: EnvelopeAddress;
    /** Authenticated login, from `{auth_authen}` or `sasl_username`. */
    readonly login: string | undefined;
    /** The subject of the client's certificate, where the MTA has verified one. */
    readonly certSubject?: string | undefined;
    /** `{daemon_name}`. */
    readonly daemonName: string | undefined;
    /** Sendmail's access map by `{greylist}`. */
    readonly accessMap: string | undefined;
}
