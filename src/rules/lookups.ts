import type { EnvelopeAddress } from '../mail/envelope-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Network } from '../mail/network.js';

/** An answer at once, or later; what is cached costs no promise. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * What a lookup found, or why nothing is known. "It does not exist" is an answer; a time-out, a
 * server's failure or a limit is none.
 */
export type Answer<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly problem: string };

/** SPF results (RFC 7208 section 2.6). `temperror` is an answer that nobody knows. */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'permerror';

/** What SPF says of a client and a sender. */
export interface SpfFinding {
  readonly result: SpfResult;
  /** The domain whose policy was asked. */
  readonly domain: string;
  /**
   * The term that decided, `ip4:192.0.2.0/24` or `include:_spf.example`, and the innermost one with
   * its own prefix length where it is of addresses; undefined where none did.
   */
  readonly term: string | undefined;
  /**
   * How many bits the client has in common with the addresses that this term lists: 24 for
   * `ip4:192.0.2.0/24`. Absent where it lists none (`all`, `exists`, `ptr`), and where the policy
   * was written for this client (`a:%{i}.example.org`), which may be anybody.
   */
  readonly prefix?: number | undefined;
  /** What is wrong with the policy; only with `permerror`. */
  readonly problem?: string;
}

/** Whose SPF is asked for. */
export interface SpfQuestion {
  readonly client: IpAddress;
  /** For the null sender SPF asks for `postmaster@` the HELO name (RFC 7208 section 2.4). */
  readonly sender: EnvelopeAddress;
  readonly helo: string | undefined;
}

/** Where an address is, by a database file. */
export interface GeoFinding {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string | undefined;
  readonly asn: number | undefined;
  readonly organisation: string | undefined;
}

/** Lines that a server has answered, or attributes of its entries, in their order. */
export type NamedValues = readonly (readonly [name: string, value: string])[];

/** What a web server is asked. */
export interface UrlQuestion {
  /** Of the definition, which says how. */
  readonly name: string;
  /** With everything filled in. */
  readonly url: string;
  /** To be posted; absent where the URL is only read. */
  readonly message?: Uint8Array | undefined;
}

/** What a directory is asked (RFC 4516), with everything filled in. */
export interface LdapQuestion {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: string;
  /** Those that are wanted; none are all. */
  readonly attributes: readonly string[];
}

/** What a directory has. */
export interface LdapFinding {
  readonly entries: number;
  readonly values: NamedValues;
}

/** DKIM results, in the words of milter-greylist: `error` is a signature or key that is wrong. */
export type DkimResult = 'pass' | 'fail' | 'unknown' | 'error';

/** One signature of a message. */
export interface DkimSignature {
  /** The signing domain, in lower case. */
  readonly domain: string;
  readonly result: DkimResult;
  /** Why it does not pass. */
  readonly problem?: string | undefined;
}

/** A message as it will be checked: its header as lines `Name: value` and its body. */
export interface DkimQuestion {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What rules may ask outside, one method for each kind of question. None throws or rejects. */
export interface Lookups {
  /**
   * The addresses that a DNS list has for a client; empty if it is not listed. What no list answers
   * is no answer, unless it is among those that are meant.
   */
  dnsList(
    zone: string,
    client: IpAddress,
    meant?: readonly Network[],
  ): MaybePromise<Answer<readonly string[]>>;
  spf(question: SpfQuestion): MaybePromise<Answer<SpfFinding>>;
  /** The addresses of a domain's mail exchangers; the domain's own if it has no MX (RFC 5321 5.1). */
  mailExchangers(domain: string): MaybePromise<Answer<readonly IpAddress[]>>;
  /** The client's name where it has its address in turn; undefined if it has no such name. */
  clientName(client: IpAddress): MaybePromise<Answer<string | undefined>>;
  geo(client: IpAddress): MaybePromise<Answer<GeoFinding>>;
  url(question: UrlQuestion): MaybePromise<Answer<NamedValues>>;
  ldap(question: LdapQuestion): MaybePromise<Answer<LdapFinding>>;
  /** The signatures that a message has; none if it has none. */
  dkim(question: DkimQuestion): MaybePromise<Answer<readonly DkimSignature[]>>;
}

/** Hands out lookups: what is asked for one recipient shares its time, and counts for its client. */
export interface LookupSource {
  forRecipient(client: IpAddress | undefined): Lookups;
}
