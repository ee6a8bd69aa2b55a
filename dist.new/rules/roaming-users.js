import { conditionsOf } from './program-source.js';
/** Conditions that hold for people at home or on the road as for anybody. */
const SHARED = new Set(['dnsbl', 'geo', 'rate', 'time']);
/**
 * Whether a rule that answers before MAIL turns users away who would log in next. It does where all
 * that it tests is as true of them: that addresses of their network are in DNS lists and have
 * generated names, that they come from a country. Somebody's address, name or HELO is written down
 * about somebody; and a macro tells the MTA's listeners apart.
 */
export function meetsRoamingUsers(rule) {
    const { then, stage, mode } = rule;
    const isRefusal = (then === 'reject' || then === 'tempfail') && (mode ?? 'enforce') === 'enforce';
    if (!isRefusal || (stage !== 'connect' && stage !== 'helo'))
        return false;
    const tellsListeners = conditionsOf(rule, 'unless').some(({ name }) => name === 'macro');
    return !tellsListeners && conditionsOf(rule, 'when').every(isShared);
}
function isShared({ name, value }) {
    if (name === 'client-name')
        return Array.isArray(value) && value.some(isState);
    return name === 'tls' ? !isOfCertificate(value) : SHARED.has(name);
}
/** `generic`, `missing` and their like, beside names. */
function isState(entry) {
    return typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'state';
}
/** What encrypts tells nobody from anybody. */
function isOfCertificate(value) {
    return (typeof value === 'object' &&
        value !== null &&
        ('subject' in value || 'issuer' in value || ('verified' in value && value.verified === true)));
}
//# sourceMappingURL=roaming-users.js.map