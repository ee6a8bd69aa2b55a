/** Sunday is 0, and may be written 7. */
const FIELDS = [
    { name: 'a minute', first: 0, last: 59, of: ({ minute }) => minute % 60 },
    { name: 'an hour', first: 0, last: 23, of: ({ minute }) => Math.floor(minute / 60) },
    { name: 'a day', first: 1, last: 31, of: ({ day }) => day },
    { name: 'a month', first: 1, last: 12, of: ({ month }) => month },
    { name: 'a weekday', first: 0, last: 7, of: ({ weekday }) => (weekday + 1) % 7 },
];
const FORM = "write minute, hour, day, month and weekday, as in '*/5 8-16 * * 1-5'";
/**
 * Reads five fields: `*`, numbers, ranges, steps of them, and lists of all that. Unlike in `crontab`
 * every one of them must match.
 */
export function parseCronTime(text) {
    const words = text.trim().split(/\s+/);
    if (words.length !== FIELDS.length) {
        return { problem: `has ${words.length} fields, and not five`, hint: FORM };
    }
    const fields = [];
    for (const [index, field] of FIELDS.entries()) {
        const numbers = readField(words[index] ?? '', field);
        if (!(numbers instanceof Set))
            return numbers;
        fields.push(numbers);
    }
    return { ok: { text: words.join(' '), fields } };
}
/** Whether a moment is one of those. */
export function isAtCronTime({ fields }, time) {
    return FIELDS.every((field, index) => fields[index]?.has(field.of(time)) === true);
}
function readField(word, field) {
    const numbers = new Set();
    for (const part of word.split(',')) {
        const refusal = addPart(numbers, part, field);
        if (refusal !== undefined)
            return refusal;
    }
    return numbers;
}
function addPart(numbers, part, field) {
    const { name, first, last } = field;
    const [, all, from = '', to, step = '1'] = /^(?:(\*)|(\d{1,4})(?:-(\d{1,4}))?)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    if (all === undefined && from === '')
        return { problem: `has "${part}" for ${name}`, hint: FORM };
    if (Number(step) === 0)
        return { problem: `has a step of 0 in "${part}"`, hint: 'write 1 or more' };
    // `8/2` begins at 8 and goes on to the end, as `8-23/2` does.
    const end = to ?? (part.includes('/') ? String(last) : from);
    const [low, high] = all === undefined ? [Number(from), Number(end)] : [first, last];
    if (low < first || high > last || low > high) {
        const hint = `${name} goes from ${first} to ${last}`;
        return { problem: `has "${part}" for ${name}, which no clock shows`, hint };
    }
    for (let number = low; number <= high; number += Number(step)) {
        numbers.add(name === 'a weekday' ? number % 7 : number);
    }
    return undefined;
}
//# sourceMappingURL=cron-time.js.map