const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MINUTES_A_DAY = 24 * 60;
const FORMS = 'write 09:00-17:00, mon-fri, sat,sun, or both as in mon-fri 09:00-17:00';
/**
 * Reads `09:00-17:00`, `mon-fri`, `sat,sun`, or days and hours: `mon-fri 09:00-17:00`. Hours may go
 * over midnight, and belong to the day on which they begin.
 */
export function parseTimeWindow(text) {
    const parts = text.trim().toLowerCase().split(/\s+/);
    const [first = '', second] = parts;
    if (first === '' || parts.length > 2)
        return { problem: 'is not a time', hint: FORMS };
    const hasDays = /^[a-z]/.test(first);
    const days = hasDays ? parseDays(first) : { ok: DAYS.map(() => true) };
    if ('problem' in days)
        return days;
    const hours = hasDays ? second : first;
    if (!hasDays && second !== undefined)
        return { problem: 'is not a time', hint: FORMS };
    const span = hours === undefined ? { ok: { start: 0, end: MINUTES_A_DAY } } : parseHours(hours);
    return 'ok' in span ? { ok: { text: parts.join(' '), days: days.ok, ...span.ok } } : span;
}
/** Whether a moment is in a window. */
export function isInWindow({ days, start, end }, { weekday, minute }) {
    if (days[weekday] === true && minute >= start && minute < end)
        return true;
    // What began yesterday.
    return days[(weekday + 6) % 7] === true && minute + MINUTES_A_DAY < end;
}
function parseDays(text) {
    const days = DAYS.map(() => false);
    for (const part of text.split(',')) {
        const [first, last, ...more] = part.includes('-')
            ? part.split('-').map(dayNumber)
            : [dayNumber(part), dayNumber(part)];
        if (first === undefined || last === undefined || more.length > 0) {
            return { problem: `has "${part}" for a day`, hint: FORMS };
        }
        for (let day = first;; day = (day + 1) % 7) {
            days[day] = true;
            if (day === last)
                break;
        }
    }
    return { ok: days };
}
/** `mon` or `monday`. */
function dayNumber(name) {
    const index = DAYS.findIndex((day) => name === day ||
        (name.startsWith(day) && /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/.test(name)));
    return index < 0 ? undefined : index;
}
function parseHours(text) {
    const [start, end, ...more] = text.split('-').map(minuteOf);
    if (start === undefined || end === undefined || more.length > 0 || start === MINUTES_A_DAY) {
        return { problem: `has "${text}" for hours`, hint: FORMS };
    }
    if (start === end)
        return { problem: 'ends when it begins', hint: 'leave the hours out for all day' };
    return { ok: { start, end: end > start ? end : end + MINUTES_A_DAY } };
}
/** `24:00` is the end of the day. */
function minuteOf(text) {
    const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
    if (hour === '' || Number(minute) > 59)
        return undefined;
    const total = Number(hour) * 60 + Number(minute);
    return total <= MINUTES_A_DAY ? total : undefined;
}
/** Reads the name of a time zone, such as `Europe/Berlin` or `UTC`. */
export function parseTimeZone(text) {
    try {
        new Intl.DateTimeFormat('en', { timeZone: text });
        return { ok: text };
    }
    catch {
        // A RangeError; nothing else can be wrong with it.
        return { problem: 'is not a time zone', hint: 'write it as in Europe/Berlin, or UTC' };
    }
}
/**
 * What clock and calendar of a time zone show, for epoch milliseconds. The last minute is kept: what
 * asks again and again asks for the same one, and the calendar costs some microseconds.
 */
export function createLocalClock(timeZone) {
    const format = new Intl.DateTimeFormat('en-GB', {
        timeZone,
        weekday: 'short',
        day: '2-digit',
        month: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
    });
    let lastMinute = NaN;
    let last = { weekday: 0, minute: 0, day: 1, month: 1 };
    return (now) => {
        const minute = Math.floor(now / 60_000);
        if (minute !== lastMinute) {
            last = readParts(format.formatToParts(now));
            lastMinute = minute;
        }
        return last;
    };
}
function readParts(parts) {
    const fields = new Map(parts.map(({ type, value }) => [type, value]));
    return {
        weekday: DAYS.findIndex((day) => day === String(fields.get('weekday')).toLowerCase()),
        minute: Number(fields.get('hour')) * 60 + Number(fields.get('minute')),
        day: Number(fields.get('day')),
        month: Number(fields.get('month')),
    };
}
//# sourceMappingURL=time-window.js.map