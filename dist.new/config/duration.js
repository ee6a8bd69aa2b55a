const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const FORM = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const UNITS = [WEEK, DAY, HOUR, MINUTE, SECOND];
/** Sums what the form matched; undefined where a number is missing or the sum loses precision. */
function sum(text) {
    const match = text === '' ? null : FORM.exec(text);
    if (match === null)
        return undefined;
    let total = 0;
    for (const [index, unit] of UNITS.entries())
        total += Number(match[index + 1] ?? 0) * unit;
    return Number.isSafeInteger(total) ? total : undefined;
}
/** `5 min`, `2 Days` and `1.5h` are what people write; say how it is spelt here. */
function hintFor(text) {
    if (/^\d+$/.test(text))
        return `write the unit: ${text}s, ${text}m, ${text}h or ${text}d`;
    if (/^\d*\.\d+[smhdw]?$/.test(text))
        return 'write whole numbers: 1h30m instead of 1.5h';
    const plain = text
        .toLowerCase()
        .replace(/\s+|,/g, '')
        .replace(/(?<=\d)(w|d|h|m|s)(?:eeks?|ays?|ours?|inutes?|ins?|econds?|ecs?|rs?)(?=\d|$)/g, '$1');
    return plain !== text && sum(plain) !== undefined
        ? `write ${plain}`
        : 'write a number and w, d, h, m or s, the largest unit first: 90s, 5m, 1h30m, 2d';
}
/**
 * Reads a duration such as `90s`, `5m`, `1h30m`, `2d` or `1w`: whole numbers, each unit at most
 * once, the largest first. A bare number is refused, because seconds and minutes are both what
 * people mean by it.
 *
 * @returns milliseconds, always whole seconds
 */
export function parseDuration(text) {
    const total = sum(text);
    if (total !== undefined)
        return { ok: total };
    const problem = /^\d+$/.test(text) ? 'needs a unit' : 'is not a duration';
    return { problem, hint: hintFor(text) };
}
/**
 * Writes milliseconds the way {@link parseDuration} reads them, in days and less, as people say
 * "36d" rather than "5w1d". What is not a whole second is rounded up.
 */
export function formatDuration(durationMs) {
    let rest = Math.ceil(durationMs / SECOND) * SECOND;
    let text = '';
    for (const [unit, letter] of [
        [DAY, 'd'],
        [HOUR, 'h'],
        [MINUTE, 'm'],
        [SECOND, 's'],
    ]) {
        const count = Math.floor(rest / unit);
        if (count > 0)
            text += `${count}${letter}`;
        rest -= count * unit;
    }
    return text === '' ? '0s' : text;
}
//# sourceMappingURL=duration.js.map