import { MAX_SOURCES } from './correspondence.js';
import { isKnown, isLive } from './find-source.js';
/** Whether every place is taken by a source that has passed and lives, so that none can give way. */
export function isFullOfPassed(sources, now) {
    return sources.length >= MAX_SOURCES && sources.every((source) => isKnown(source, now));
}
/**
 * The list with `next`, whose last attempt is now, in place of `replaced`, or as a new source if
 * that is undefined. If the list is full then, one gives way: one that has ended; else one that
 * waits and never retried; else one that waits; the oldest first. Not to be asked when
 * {@link isFullOfPassed}: a known triplet never gives way.
 *
 * A source that has ended stays for another retry window, so that the reason can say that a client
 * came too late; without a limit, the dead would make up most of an old record.
 */
export function placeSource(sources, replaced, next, retryWindowMs) {
    const now = next.lastSeenAt;
    const placed = [];
    for (const source of sources) {
        if (source === replaced)
            placed.push(next);
        else if (isLive(source, now - retryWindowMs))
            placed.push(source);
    }
    if (replaced !== undefined)
        return placed;
    if (placed.length >= MAX_SOURCES)
        placed.splice(findDispensable(placed, now), 1);
    placed.push(next);
    return placed;
}
function findDispensable(sources, now) {
    let dispensable = -1;
    let lowestWorth = Number.POSITIVE_INFINITY;
    let oldestAt = 0;
    for (const [index, source] of sources.entries()) {
        const worth = worthOf(source, now);
        if (worth > lowestWorth)
            continue;
        if (worth === lowestWorth && source.firstSeenAt >= oldestAt)
            continue;
        dispensable = index;
        lowestWorth = worth;
        oldestAt = source.firstSeenAt;
    }
    return dispensable;
}
/** The cheaper, the sooner a source gives way; spam bots, which never retry, before real mail. */
function worthOf(source, now) {
    if (isKnown(source, now))
        return 3;
    if (!isLive(source, now))
        return 0;
    return source.attempts <= 1 ? 1 : 2;
}
//# sourceMappingURL=source-list.js.map