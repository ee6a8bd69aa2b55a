import { MAX_SOURCES } from '../greylist/correspondence.js';
import { isKnown, isLive } from '../greylist/find-source.js';
import { commonPrefixLength } from '../mail/ip-address.js';
/**
 * What two stores together remember of a pair. It does not matter which of them is the first, and
 * to merge the same once more changes nothing.
 *
 * - Sources whose networks overlap are one, if they are spelt alike. One that is known goes before one that waits: what has
 *   passed is never lost to what waits. One that has ended goes before none that lives.
 * - Of two that are alike the later says where it came from last; the earlier clock counts, the
 *   later end, the wider network, the larger number of attempts.
 * - Of more than {@link MAX_SOURCES} those stay that are worth most, as in `placeSource`, the ones
 *   that were seen last first.
 * - The pair's own clock goes on unless one of them alone has it, and the pair has passed since it
 *   began.
 *
 * @param now epoch milliseconds
 */
export function mergeCorrespondences(a, b, now) {
    const all = [...a.sources, ...b.sources];
    const live = withoutTwins(all.filter((source) => isLive(source, now)), now);
    const ended = all.filter((source) => !isLive(source, now) && !live.some((other) => overlaps(source, other)));
    let sources = [...live, ...withoutTwins(ended, now)].sort(byPlace);
    if (sources.length > MAX_SOURCES) {
        const byWorth = [...sources].sort((one, other) => worthOf(other, now) - worthOf(one, now) ||
            other.lastSeenAt - one.lastSeenAt ||
            byPlace(one, other));
        sources = byWorth.slice(0, MAX_SOURCES).sort(byPlace);
    }
    return { series: mergeSeries(a.series, b.series, sources), sources };
}
/** Whether two records say the same, in whatever order. */
export function isSameCorrespondence(a, b) {
    return a.sources.length === b.sources.length && textOf(a) === textOf(b);
}
function textOf({ series, sources }) {
    return JSON.stringify([series, [...sources].sort(byPlace).map(fieldsOf)]);
}
function fieldsOf(source) {
    const { address, prefix, name, firstSeenAt, lastSeenAt, attempts, passedAt, expiresAt } = source;
    const { acceptAt, spelling } = source;
    const times = [firstSeenAt, lastSeenAt, attempts, passedAt, expiresAt, acceptAt];
    return [address.text, prefix, name, ...times, spelling];
}
/** One order for all lists, whatever they were made from. */
function byPlace(one, other) {
    return (one.firstSeenAt - other.firstSeenAt ||
        compareTexts(one.address.text, other.address.text) ||
        compareTexts(String(fieldsOf(one)), String(fieldsOf(other))));
}
function compareTexts(one, other) {
    return one < other ? -1 : one > other ? 1 : 0;
}
/**
 * Networks that overlap are one within the other, so the wider one is what both are; it may reach
 * those that came before.
 */
function withoutTwins(sources, now) {
    const merged = [];
    for (const source of [...sources].sort(byPlace)) {
        let united = source;
        for (let at = merged.length - 1; at >= 0; at--) {
            const other = merged[at];
            if (other === undefined || !overlaps(other, united))
                continue;
            united = mergeSources(other, united, now);
            merged.splice(at, 1);
        }
        merged.push(united);
    }
    return merged;
}
function overlaps(one, other) {
    return (one.spelling === other.spelling &&
        commonPrefixLength(one.address, other.address) >= Math.min(one.prefix, other.prefix));
}
function mergeSources(one, other, now) {
    const prefix = Math.min(one.prefix, other.prefix);
    if (isKnown(one, now) !== isKnown(other, now)) {
        return { ...(isKnown(one, now) ? one : other), prefix };
    }
    const latest = isLater(one, other) ? one : other;
    const { spelling } = one;
    const acceptAt = earlierOf(one.acceptAt, other.acceptAt);
    return {
        address: latest.address,
        prefix,
        name: latest.name,
        firstSeenAt: Math.min(one.firstSeenAt, other.firstSeenAt),
        lastSeenAt: latest.lastSeenAt,
        attempts: Math.max(one.attempts, other.attempts),
        passedAt: earlierOf(one.passedAt, other.passedAt),
        expiresAt: Math.max(one.expiresAt, other.expiresAt),
        ...(acceptAt !== undefined && { acceptAt }),
        ...(spelling !== undefined && { spelling }),
    };
}
/** Of two at the same time one is taken as good as the other, but always the same one. */
function isLater(one, other) {
    const order = one.lastSeenAt - other.lastSeenAt ||
        compareTexts(one.address.text, other.address.text) ||
        compareTexts(one.name ?? '', other.name ?? '');
    return order > 0;
}
function earlierOf(one, other) {
    if (one === undefined || other === undefined)
        return one ?? other;
    return Math.min(one, other);
}
/** As in `placeSource`: one that waits is worth more if it has come back. */
function worthOf(source, now) {
    if (isKnown(source, now))
        return 3;
    if (!isLive(source, now))
        return 0;
    return source.attempts > 1 ? 2 : 1;
}
function mergeSeries(one, other, sources) {
    if (one !== undefined && other !== undefined) {
        return {
            firstAt: Math.min(one.firstAt, other.firstAt),
            lastReturnAt: Math.max(one.lastReturnAt, other.lastReturnAt),
            returns: Math.max(one.returns, other.returns),
        };
    }
    const series = one ?? other;
    const passedAt = Math.max(0, ...sources.map((source) => source.passedAt ?? 0));
    return series !== undefined && series.firstAt >= passedAt ? series : undefined;
}
//# sourceMappingURL=merge-correspondences.js.map