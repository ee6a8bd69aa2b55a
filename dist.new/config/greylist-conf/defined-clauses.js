import { networkOf } from '../../mail/network.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import { formatDuration } from '../duration.js';
import { IN_VALUES, patternEntry, valueEntry } from './entries.js';
import { at } from './placed.js';
import { toTemplate } from './template.js';
import { block, leftOut, lookup, never } from './test.js';
const UNDEFINED = 'it is not defined';
/** A DNS list, by the name that it has in the file. */
export function askDnsList(name, { dnsrbl }) {
    const defined = dnsrbl.get(name);
    if (defined === undefined)
        return never(UNDEFINED);
    const { zone, address, bits, place } = defined;
    const expected = parseIpAddress(address);
    const answer = expected === undefined || bits === 32 ? address : networkOf(expected, bits).text;
    const label = /^[!-~](?:[ -~]{0,78}[!-~])?$/.test(name) && name !== zone ? { name } : {};
    return lookup({ dnsbl: at(place, { zones: zone, answers: answer, ...label }) });
}
/** A macro of the MTA's, by the name that its test has in the file. */
export function askMacro(name, context) {
    const defined = context.macros.get(name);
    if (defined === undefined)
        return never(UNDEFINED);
    const { macro, test, place } = defined;
    const symbol = macro.replace(/^\{(.*)\}$/, '$1');
    const entry = test.kind === 'unset' || (test.kind === 'text' && test.text === '')
        ? at(place, 'unset')
        : test.kind === 'pattern'
            ? patternEntry(test, IN_VALUES, context)
            : valueEntry(test, ['set', 'unset']);
    return entry === undefined ? leftOut : block({ macro: { [symbol]: entry } });
}
const KINDS = { rcpt: undefined, session: 'sessions', data: 'bytes' };
/** Whether there was too much; asking counts. */
export function askRate(name, stage, { rates }) {
    const defined = rates.get(name);
    if (defined === undefined)
        return never(UNDEFINED);
    const { counts, limit, periodSeconds, place } = defined;
    if (counts === 'data' && stage === 'rcpt') {
        return never('at RCPT nothing of the message is there to be counted');
    }
    const rate = at(place, {
        over: limit,
        in: formatDuration(periodSeconds * 1000),
        per: keyOf(defined),
        count: KINDS[counts],
        name: /^[!-~](?:[ -~]{0,62}[!-~])?$/.test(name) ? name : undefined,
    });
    return { kind: 'block', block: { rate }, counts: true };
}
/** The client's address goes without saying. */
function keyOf({ key }) {
    if (key === undefined)
        return undefined;
    const { text } = toTemplate(key);
    return text === '{client-address}' ? undefined : text;
}
/** A web server, by the name that it has in the file. */
export function askUrl(name, { urls }) {
    if (!urls.has(name))
        return never(UNDEFINED);
    return lookup({ url: name }, 'tempfail');
}
/** A directory, by the name of the question. */
export function askLdap(name, { ldap }) {
    if (!ldap.has(name))
        return never(UNDEFINED);
    return lookup({ ldap: name }, 'tempfail');
}
//# sourceMappingURL=defined-clauses.js.map