/** Questions to name servers, all record types together; numbers only grow. */
export interface DnsCounters {
  /** Sent to a name server. */
  asked: number;
  /** Answered from memory. */
  cached: number;
  /** Joined to the same question, which was under way. */
  joined: number;
  /** Without an answer, but for those that timed out. */
  failed: number;
  timedOut: number;
  /** Not asked because of the client network's limit or the limit over all. */
  refused: number;
  /** How long those that were asked took, altogether. */
  microseconds: number;
}

/** Lookups of one kind, as rules ask them. */
export interface KindCounters {
  asked: number;
  /** Of these, without an answer. */
  unknown: number;
  /** Those that were not answered at once. */
  waited: number;
  /** How long these took, altogether. */
  microseconds: number;
}

/** The kinds of lookups that rules may ask for. */
export type LookupKind =
  'dnsList' | 'spf' | 'mailExchangers' | 'clientName' | 'geo' | 'url' | 'ldap' | 'dkim';

/** What metrics are made of. */
export interface LookupCounters {
  readonly dns: Readonly<DnsCounters>;
  readonly kinds: Readonly<Record<LookupKind, Readonly<KindCounters>>>;
}

/** All at zero. */
export function createDnsCounters(): DnsCounters {
  return { asked: 0, cached: 0, joined: 0, failed: 0, timedOut: 0, refused: 0, microseconds: 0 };
}

/** All at zero. */
export function createKindCounters(): Record<LookupKind, KindCounters> {
  const none = (): KindCounters => ({ asked: 0, unknown: 0, waited: 0, microseconds: 0 });
  return {
    dnsList: none(),
    spf: none(),
    mailExchangers: none(),
    clientName: none(),
    geo: none(),
    url: none(),
    ldap: none(),
    dkim: none(),
  };
}
