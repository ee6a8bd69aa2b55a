import type { Context } from './context.js';
import type { GreylistConf } from './syntax.js';

const ALL = ['authenticated', 'tls', 'local', 'access-map'] as const;

/** What the clauses of a file ask, whatever rules they are in; lists do not count. */
function askedIn({ statements }: GreylistConf): ReadonlySet<string> {
  return new Set(
    statements.flatMap((one) => (one.kind === 'rule' ? one.clauses.map(({ kind }) => kind) : [])),
  );
}

/**
 * Who passes without a rule. A clause about logins or certificates anywhere in the file takes the
 * exemption away, as `noauth` does: then the rules decide.
 */
export function exemptionsOf(conf: GreylistConf, { flags }: Context): readonly string[] {
  const asked = askedIn(conf);
  const isAuth = flags.has('noauth') || asked.has('auth') || asked.has('tls');
  return ALL.filter((exemption) => {
    if (exemption === 'authenticated' || exemption === 'tls') return !isAuth;
    return exemption !== 'access-map' || !flags.has('noaccessdb');
  });
}

/** Whether senders pass, before all rules, for whom SPF does; likewise with `nospf` and its clauses. */
export function exemptsBySpf(conf: GreylistConf, { flags }: Context): boolean {
  return !flags.has('nospf') && !askedIn(conf).has('spf');
}
