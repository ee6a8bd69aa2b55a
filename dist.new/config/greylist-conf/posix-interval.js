import { PosixPatternError } from './posix-source.js';
/** RE_DUP_MAX of GNU's C library. */
const MAX_WRITTEN = 32_767;
/** What our engine repeats at most. */
const MAX_REPEAT = 1000;
const HINT = 'write a number, or two with a comma, the smaller one first: {2}, {2,}, {2,5}';
/** Reads `2}`, `2,}`, `,5}` or `2,5}` from behind the brace, with the closing one. */
export function readInterval(source, close) {
    const start = source.offset;
    const low = readNumber(source);
    const isOpen = source.take(',') || source.take('\\,');
    const high = isOpen ? readNumber(source) : low;
    if (!source.take(close) || (low === undefined && !isOpen)) {
        source.fail('has something else in braces than how often', HINT, start);
    }
    const min = low ?? 0;
    if (high !== undefined && high < min)
        source.fail('has braces the wrong way round', HINT, start);
    const most = high ?? min;
    if (most > MAX_WRITTEN)
        source.fail(`repeats more than ${MAX_WRITTEN} times`, HINT, start);
    if (most > MAX_REPEAT) {
        throw new PosixPatternError('UNSUPPORTED', `repeats ${most} times`, {
            offset: start,
            hint: `write at most ${MAX_REPEAT}`,
        });
    }
    return { min, max: high };
}
/** A backslash changes nothing, which only a zero can have: others refer to groups with one. */
function readNumber(source) {
    let digits = '';
    for (;;) {
        if (source.startsWith('\\0'))
            source.next();
        if (!/^[0-9]$/.test(source.peek()))
            break;
        digits += source.next();
    }
    return digits === '' ? undefined : Number(digits);
}
//# sourceMappingURL=posix-interval.js.map