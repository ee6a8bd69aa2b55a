/** The fields of a schedule as of cron, with their bounds. */
const FIELDS = [
    { name: 'minute', first: 0, last: 59 },
    { name: 'hour', first: 0, last: 23 },
    { name: 'day of the month', first: 1, last: 31 },
    { name: 'month', first: 1, last: 12 },
    { name: 'day of the week', first: 0, last: 7 },
];
const PART = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/;
const HINT = 'write minute, hour, day, month and weekday with numbers, * or 8-16/2 each';
/** Looks at a schedule such as `0-30 8-16/2 1,15 * 1-5`; undefined if all is well. */
export function checkSchedule(text) {
    const fields = text.trim().split(/[ \t]+/);
    if (fields.length !== FIELDS.length || fields[0] === '') {
        const count = fields[0] === '' ? 0 : fields.length;
        return { isFatal: true, problem: `has a time of ${count} fields instead of 5`, hint: HINT };
    }
    let doubt;
    for (const [index, field] of fields.entries()) {
        const fault = checkField(field, FIELDS[index] ?? FIELDS[0]);
        if (fault?.isFatal === true)
            return fault;
        doubt ??= fault;
    }
    return doubt;
}
function checkField(field, bounds) {
    for (const part of field.split(',')) {
        const match = PART.exec(part);
        if (match === null || match[3] === '0') {
            return { isFatal: true, problem: `has "${part}" for a ${bounds.name}`, hint: HINT };
        }
        const numbers = [match[1], match[2]].flatMap((digits) => digits === undefined ? [] : [digits]);
        const wrong = numbers.find((digits) => !isBetween(Number(digits), bounds.first, bounds.last));
        if (wrong !== undefined) {
            const hint = `write ${bounds.first} to ${bounds.last}`;
            const problem = `has ${wrong} for a ${bounds.name}, which never comes`;
            return { isFatal: false, problem, hint };
        }
    }
    return undefined;
}
function isBetween(value, first, last) {
    return value >= first && value <= last;
}
//# sourceMappingURL=time-schedule.js.map