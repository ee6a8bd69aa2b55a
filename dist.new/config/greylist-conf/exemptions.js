const ALL = ['authenticated', 'tls', 'local', 'access-map'];
/** What the clauses of a file ask, whatever rules they are in; lists do not count. */
function askedIn({ statements }) {
    return new Set(statements.flatMap((one) => (one.kind === 'rule' ? one.clauses.map(({ kind }) => kind) : [])));
}
/**
 * Who passes without a rule. A clause about logins or certificates anywhere in the file takes the
 * exemption away, as `noauth` does: then the rules decide.
 */
export function exemptionsOf(conf, { flags }) {
    const asked = askedIn(conf);
    const isAuth = flags.has('noauth') || asked.has('auth') || asked.has('tls');
    return ALL.filter((exemption) => {
        if (exemption === 'authenticated' || exemption === 'tls')
            return !isAuth;
        return exemption !== 'access-map' || !flags.has('noaccessdb');
    });
}
/** Whether senders pass, before all rules, for whom SPF does; likewise with `nospf` and its clauses. */
export function exemptsBySpf(conf, { flags }) {
    return !flags.has('nospf') && !askedIn(conf).has('spf');
}
//# sourceMappingURL=exemptions.js.map