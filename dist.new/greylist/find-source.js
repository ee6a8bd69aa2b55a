import { commonPrefixLength } from '../mail/ip-address.js';
/**
 * The stored source whose network an address is in: the wider of the one stored with the source and
 * the one set now, so that narrowing the setting never delays a known triplet. Undefined if it is in
 * none.
 *
 * After the setting was widened several sources may match. One that has passed and lives comes
 * first, of several the one that lives longest; then one that waits, of several the one whose clock
 * began first; and one that has ended only if there is nothing else.
 */
export function findSource(sources, address, prefix, now) {
    let best;
    for (const source of sources) {
        const isSame = commonPrefixLength(source.address, address) >= Math.min(source.prefix, prefix);
        if (isSame && (best === undefined || isBetter(source, best, now)))
            best = source;
    }
    return best;
}
/**
 * The one place that decides whether a client is the same as before: it is if `own`, the source of
 * its network, lives; or if it was proven to be the same as another one that does. Of several the
 * best, as above.
 */
export function recognise(sources, own, { proof }, now) {
    if (own !== undefined && isLive(own, now))
        return { source: own, by: 'network' };
    if (proof === undefined || proof.sameAs.size === 0)
        return undefined;
    let best;
    for (const source of sources) {
        const by = proof.sameAs.get(source.address.text);
        if (by === undefined || !isLive(source, now))
            continue;
        if (best === undefined || isBetter(source, best.source, now))
            best = { source, by };
    }
    return best;
}
/** Whether the source still counts: its end is the first instant at which it does not. */
export function isLive(source, now) {
    return now < source.expiresAt;
}
/** Whether the source has passed and lives, so that its mail never waits. */
export function isKnown(source, now) {
    return source.passedAt !== undefined && isLive(source, now);
}
/** Whether an attempt of `source` fares better than one of `best`. */
export function isBetter(source, best, now) {
    const rank = rankOf(source, now);
    const bestRank = rankOf(best, now);
    if (rank !== bestRank)
        return rank > bestRank;
    return rank === PASSED
        ? source.expiresAt > best.expiresAt
        : source.firstSeenAt < best.firstSeenAt;
}
const ENDED = 0;
const WAITING = 1;
const PASSED = 2;
function rankOf(source, now) {
    if (isKnown(source, now))
        return PASSED;
    return isLive(source, now) ? WAITING : ENDED;
}
//# sourceMappingURL=find-source.js.map