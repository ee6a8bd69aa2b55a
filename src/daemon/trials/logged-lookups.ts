import type { LoggedDecision } from '../../reports/logged-decision.js';
import type { Answer, Lookups, LookupSource } from '../../rules/lookups.js';

/** What was asked that no log tells, and how often, by the kind of the question. */
export type UnknownLookups = Map<keyof Lookups, number>;

/**
 * The answers that a log tells of: SPF has passed where it says that a client is known by it, or that its
 * mail answers our own. All else is unknown, and counted.
 */
export function loggedLookups(
  { identity, reason }: Pick<LoggedDecision, 'identity' | 'reason'>,
  unknown: UnknownLookups,
): LookupSource {
  const untold = (kind: keyof Lookups): Answer<never> => {
    unknown.set(kind, (unknown.get(kind) ?? 0) + 1);
    return { known: false, problem: 'the log does not tell' };
  };
  const hasPassedSpf = identity === 'spf' || reason === 'reply';
  const lookups: Lookups = {
    dnsList: () => untold('dnsList'),
    spf: ({ client, sender }) => {
      if (!hasPassedSpf) return untold('spf');
      // By a term that lists addresses, or it would not have counted.
      const prefix = client.bytes.length * 8;
      const { domain } = sender;
      return { known: true, value: { result: 'pass', domain, term: undefined, prefix } };
    },
    mailExchangers: () => untold('mailExchangers'),
    clientName: () => untold('clientName'),
    geo: () => untold('geo'),
    url: () => untold('url'),
    ldap: () => untold('ldap'),
    dkim: () => untold('dkim'),
  };
  return { forRecipient: () => lookups };
}
