const UNITS = [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
];
/**
 * Reads a size: `64KiB`, `1MiB`, `2GiB`, or plain bytes. `KB` and `K` are refused, as half the
 * world means 1000 by them.
 *
 * @returns bytes
 */
export function parseSize(text) {
    const match = /^(\d+)([KMG]iB)?$/.exec(text);
    const unit = UNITS.find(([name]) => name === match?.[2])?.[1] ?? 1;
    const bytes = Number(match?.[1]) * unit;
    if (Number.isSafeInteger(bytes))
        return { ok: bytes };
    const loose = /^(\d+)\s*([kmg])i?b?$/i.exec(text);
    return {
        problem: 'is not a size',
        hint: loose
            ? `write ${loose[1] ?? ''}${(loose[2] ?? '').toUpperCase()}iB`
            : 'write whole bytes, or a number and KiB, MiB or GiB: 64KiB, 1MiB',
    };
}
/** Writes bytes the way {@link parseSize} reads them, in the largest unit that divides them. */
export function formatSize(bytes) {
    const unit = UNITS.find(([, factor]) => bytes >= factor && bytes % factor === 0);
    return unit ? `${bytes / unit[1]}${unit[0]}` : String(bytes);
}
//# sourceMappingURL=size.js.map