/**
 * Networks in which an address is found by one binary search: nested ones are cut into stretches
 * that do not overlap, each of which belongs to its narrowest network. IPv4 and IPv6 apart.
 */
export function createNetworkSet(entries) {
    const ipv4 = createStretches(entries, 4);
    const ipv6 = createStretches(entries, 6);
    return {
        size: entries.length,
        find: (address) => (address.family === 4 ? ipv4(address.bytes) : ipv6(address.bytes)),
    };
}
function createStretches(entries, family) {
    const words = family === 4 ? 1 : 4;
    const blocks = entries
        .filter(({ value }) => value.network.family === family)
        .map((entry) => blockOf(entry, words))
        // The wider of two with the same start comes first, so that the narrower lies inside it.
        .sort((a, b) => compareWords(a.first, b.first) || a.prefix - b.prefix);
    const { starts, owners } = cutIntoStretches(blocks);
    const table = Uint32Array.from(starts);
    return (address) => {
        const index = lastStartUpTo(table, words, address);
        return index < 0 ? undefined : owners[index];
    };
}
function blockOf(entry, words) {
    const { bytes, prefix } = entry.value.network;
    const first = [];
    for (let word = 0; word < words; word++)
        first.push(wordAt(bytes, word));
    return { entry, prefix, first, next: behind(first, prefix) };
}
/** Adds one at the last bit of the prefix. */
function behind(first, prefix) {
    const next = [...first];
    let step = 2 ** ((32 - (prefix % 32)) % 32);
    for (let word = Math.ceil(prefix / 32) - 1; word >= 0; word--) {
        const sum = Number(next[word]) + step;
        next[word] = sum >>> 0;
        if (sum < 2 ** 32)
            return next;
        step = 1;
    }
    return undefined;
}
function cutIntoStretches(blocks) {
    const stretches = { starts: [], owners: [] };
    /** The networks that we are inside of, the widest first. */
    const open = [];
    const closeUpTo = (limit) => {
        for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
            if (limit !== undefined && !isUpTo(top.next, limit))
                break;
            open.pop();
            if (top.next !== undefined)
                begin(stretches, top.next, open.at(-1)?.entry);
        }
    };
    for (const block of blocks) {
        closeUpTo(block.first);
        const top = open.at(-1);
        // Of a network that is written twice the first counts.
        if (top?.prefix === block.prefix && compareWords(top.first, block.first) === 0)
            continue;
        begin(stretches, block.first, block.entry);
        open.push(block);
    }
    closeUpTo(undefined);
    return stretches;
}
function isUpTo(end, limit) {
    return end !== undefined && compareWords(end, limit) <= 0;
}
/** A stretch that begins where the last one does takes its place. */
function begin({ starts, owners }, start, owner) {
    const last = starts.slice(-start.length);
    if (last.length > 0 && compareWords(last, start) === 0)
        owners[owners.length - 1] = owner;
    else {
        starts.push(...start);
        owners.push(owner);
    }
}
function compareWords(a, b) {
    for (const [index, word] of a.entries()) {
        const difference = word - Number(b[index]);
        if (difference !== 0)
            return difference;
    }
    return 0;
}
function lastStartUpTo(table, words, address) {
    let low = 0;
    let high = table.length / words;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (startsAtOrBefore(table, middle * words, words, address))
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}
function startsAtOrBefore(table, at, words, address) {
    for (let word = 0; word < words; word++) {
        const start = Number(table[at + word]);
        const own = wordAt(address, word);
        if (start !== own)
            return start < own;
    }
    return true;
}
function wordAt(bytes, word) {
    const at = word * 4;
    const high = Number(bytes[at]) * 2 ** 24 + Number(bytes[at + 1]) * 2 ** 16;
    return high + Number(bytes[at + 2]) * 2 ** 8 + Number(bytes[at + 3]);
}
//# sourceMappingURL=network-set.js.map