import { escapePart } from './correspondence-key.js';
/** More than enough for anybody's setting, few enough for one read. */
export const MAX_WITNESSES = 100;
/** As of known sources: renewed no more often, to spare the store. */
const RENEWAL_INTERVAL_MS = 24 * 60 * 60 * 1000;
/**
 * Whether a client's mail passes without a triplet. Of a network that is exempt only a host passes
 * that agrees with those that were counted: a stranger next door has earned nothing.
 */
export function isExempt(record, { host }, isSameSite, now) {
    return record.isExempt && now < record.expiresAt && isOneOf(record, host, isSameSite);
}
/** The record of an exempt client whose mail came, if it is due for renewal; undefined if not. */
export function renewExempt(record, { forMs }, now) {
    const isDue = now - record.lastSeenAt >= RENEWAL_INTERVAL_MS || (record.expiresAt - now) * 2 < forMs;
    if (!isDue)
        return undefined;
    const lastSeenAt = Math.max(now, record.lastPointAt);
    return { ...record, lastSeenAt, expiresAt: Math.max(record.expiresAt, now + forMs) };
}
/**
 * The record with a first pass more, or undefined if that does not count: too soon after the last,
 * from a sender that has counted, or from a host that has nothing to do with the others.
 */
export function countPass(stored, visit, settings, { isSameSite, now }) {
    const record = stored !== undefined && now < stored.expiresAt ? stored : undefined;
    if (record?.isExempt === true)
        return undefined;
    if (record !== undefined && !isOneOf(record, visit.host, isSameSite))
        return undefined;
    const { count, after, domains, spacingMs, forMs } = settings;
    const bySender = count === 'sender-domain';
    const witness = escapePart(bySender ? visit.sender : visit.domain);
    const before = record?.witnesses ?? [];
    const isNewWitness = !before.includes(witness);
    if (bySender ? !isNewWitness : isTooSoon(record, spacingMs, now))
        return undefined;
    const needed = Math.min(bySender ? after : domains, MAX_WITNESSES);
    const witnesses = isNewWitness && before.length < needed ? [...before, witness] : before;
    const points = (record?.points ?? 0) + 1;
    return {
        points,
        lastPointAt: now,
        witnesses,
        host: count === 'network' ? (record?.host ?? visit.host) : undefined,
        isExempt: points >= after && witnesses.length >= needed,
        lastSeenAt: now,
        expiresAt: now + forMs,
    };
}
/** A point in the future, from a clock that has stepped back, is no reason to wait. */
function isTooSoon(record, spacingMs, now) {
    if (record === undefined || record.lastPointAt > now)
        return false;
    return now - record.lastPointAt < spacingMs;
}
function isOneOf({ host }, other, isSameSite) {
    return host === undefined || host.address.text === other.address.text || isSameSite(host, other);
}
//# sourceMappingURL=client-autowhite.js.map