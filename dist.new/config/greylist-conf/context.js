import { Findings } from './findings.js';
/**
 * Gathers what a file defines.
 *
 * @param flags those that a command line has set
 */
export function createContext(conf, flags = []) {
    const { statements } = conf;
    const given = statements.flatMap((one) => (one.kind === 'flag' ? [one.flag] : []));
    const dnsrbl = new Map();
    const macros = new Map();
    const urls = new Map();
    const ldap = new Map();
    const rates = new Map();
    const lists = new Map();
    for (const one of statements) {
        if (one.kind === 'dnsrbl')
            dnsrbl.set(one.name, one);
        else if (one.kind === 'sm_macro')
            macros.set(one.name, one);
        else if (one.kind === 'urlcheck')
            urls.set(one.name, one);
        else if (one.kind === 'ldapcheck')
            ldap.set(one.name, one);
        else if (one.kind === 'ratelimit')
            rates.set(one.name, one);
        else if (one.kind === 'list')
            lists.set(one.name, one);
    }
    const hasCountries = statements.some(({ kind }) => kind === 'geoip2db');
    const hasOld = statements.some(({ kind }) => kind === 'geoipdb' || kind === 'geoipv6db');
    return {
        ...{ dnsrbl, macros, urls, ldap, rates, lists },
        findings: new Findings(),
        flags: new Set([...given, ...flags]),
        hasCountries,
        hasOldCountries: hasOld && !hasCountries,
        tarpitScope: statements.findLast((one) => one.kind === 'tarpit_scope')?.scope,
        nameOf: createNames(),
    };
}
/** Names of up to 64 letters, digits, dots, dashes and underscores, no two of them alike. */
function createNames() {
    const names = new Map();
    const taken = new Set();
    return (list) => {
        const known = names.get(list);
        if (known !== undefined)
            return known;
        const plain = list
            .normalize('NFKD')
            .replace(/[^A-Za-z0-9_.-]+/g, '-')
            .replace(/^[^A-Za-z0-9]+|-+$/g, '')
            .slice(0, 56) || 'list';
        let free = plain;
        for (let number = 2; taken.has(free); number++)
            free = `${plain}-${number}`;
        taken.add(free);
        names.set(list, free);
        return free;
    };
}
//# sourceMappingURL=context.js.map