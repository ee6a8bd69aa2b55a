import { parseExemption } from '../../rules/exemption.js';
import type { Context } from './context.js';
import type { GreylistConf } from './syntax.js';

const ALL = ['authenticated', 'tls', 'spf', 'local', 'access-map'] as const;

/**
 * Who passes without a rule. A clause about logins, certificates or SPF anywhere in the file takes
 * the exemption away, as `noauth` and `nospf` do: then the rules decide.
 */
export function exemptionsOf({ statements }: GreylistConf, { flags }: Context): readonly string[] {
  const asked = new Set(
    statements.flatMap((one) => (one.kind === 'rule' ? one.clauses.map(({ kind }) => kind) : [])),
  );
  const isAuth = flags.has('noauth') || asked.has('auth') || asked.has('tls');
  const isSpf = flags.has('nospf') || asked.has('spf');
  return ALL.filter((word) => 'ok' in parseExemption(word)).filter((exemption) => {
    if (exemption === 'authenticated' || exemption === 'tls') return !isAuth;
    if (exemption === 'spf') return !isSpf;
    return exemption !== 'access-map' || !flags.has('noaccessdb');
  });
}
