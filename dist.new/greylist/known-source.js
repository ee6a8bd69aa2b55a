import { commonPrefixLength } from '../mail/ip-address.js';
import { placeSource } from './source-list.js';
/** A known source is renewed no more often than this, to spare the store; unless it soon ends. */
const RENEWAL_INTERVAL_MS = 24 * 60 * 60 * 1000;
/**
 * A known source passes. It is stored again when it is due for renewal, and when its address was
 * only recognised by a setting that is wider than when the source was stored: narrowing the setting
 * later must not shut this address out again.
 */
export function renewKnown(record, source, attempt, { settings, now }) {
    const outcome = passAtOnce('greylist-known', 'network', source.attempts + 1);
    const lifeMs = lifeOf(source, settings);
    const isDue = settings.renew &&
        (now - source.lastSeenAt >= RENEWAL_INTERVAL_MS || (source.expiresAt - now) * 2 < lifeMs);
    const isCovered = commonPrefixLength(source.address, attempt.address) >= source.prefix;
    if (!isDue && isCovered)
        return { outcome, next: record };
    const renewed = {
        address: attempt.address,
        prefix: Math.min(source.prefix, prefixFor(attempt.address, settings.network)),
        name: nameOf(attempt, source),
        firstSeenAt: Math.min(source.firstSeenAt, now),
        lastSeenAt: now,
        attempts: outcome.attempts,
        passedAt: Math.min(source.passedAt, now),
        expiresAt: isDue ? Math.max(source.expiresAt, now + lifeMs) : source.expiresAt,
    };
    const sources = placeSource(record.sources, source, renewed, settings.retryWindowMs);
    return { outcome, next: { series: record.series, sources } };
}
/**
 * A client that is known by another of its addresses passes, and is stored as a source of its own,
 * so that it need not be proven again. It lives as long as if that other one had sent this mail.
 */
export function admitKin(record, { own, kin, by }, attempt, { settings, now }) {
    const { address } = attempt;
    const admitted = {
        address,
        prefix: prefixFor(address, settings.network),
        name: attempt.name,
        firstSeenAt: now,
        lastSeenAt: now,
        attempts: 1,
        passedAt: now,
        expiresAt: settings.renew
            ? Math.max(kin.expiresAt, now + lifeOf(kin, settings))
            : kin.expiresAt,
    };
    const sources = placeSource(record.sources, own, admitted, settings.retryWindowMs);
    return { outcome: passAtOnce('pool', by, 1), next: { series: record.series, sources } };
}
/** What passes without having waited. */
export function passAtOnce(reason, identity, attempts) {
    return { kind: 'pass', reason, identity, delayedMs: 0, attempts, clockAt: undefined };
}
/**
 * How long its mail makes a known source live. One that has passed was given more than a learnt life
 * by its last renewal; while learning, what has no more than that never came back after a delay, and
 * its further mail proves no more than its first.
 */
export function lifeOf(source, settings) {
    const learntMs = learntLife(settings);
    const isLearnt = learntMs !== undefined && source.expiresAt - source.lastSeenAt <= learntMs;
    return isLearnt ? learntMs : settings.autowhiteMs;
}
/** How long what would wait is known while learning; undefined if it waits. */
export function learntLife({ learnForMs, autowhiteMs }) {
    return learnForMs === undefined ? undefined : Math.min(learnForMs, autowhiteMs);
}
/** How many bits of an address make one client now. */
export function prefixFor(address, network) {
    return address.family === 4 ? network.ipv4 : network.ipv6;
}
/** A name that could not be confirmed this time is kept if the address has not changed. */
export function nameOf(attempt, stored) {
    if (attempt.name !== undefined || stored === undefined)
        return attempt.name;
    return stored.address.text === attempt.address.text ? stored.name : undefined;
}
//# sourceMappingURL=known-source.js.map