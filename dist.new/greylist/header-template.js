import { formatClock } from './format-clock.js';
import { fillTemplate, parseTextTemplate, visible } from './text-template.js';
import { formatMailDate } from './mail-date.js';
/** The longest rendering of each placeholder; a host name has at most 253 characters. */
const LONGEST = {
    status: 24,
    delayed: 16,
    host: 253,
    version: 64,
    date: 31,
    'milter-greylist': 480,
};
/** RFC 5322 section 2.1.1 allows lines of 998; the longest name with colon and space takes 66. */
const MAX_VALUE_BYTES = 998 - 66;
/** Reads the header's value, in which `{delayed}` and its like stand for values. */
export function parseHeaderTemplate(text) {
    const spec = { longest: LONGEST, maxBytes: MAX_VALUE_BYTES, holder: 'a line of a header' };
    return parseTextTemplate(text, spec);
}
/** The value of the header: one line of printable US-ASCII. */
export function renderHeaderTemplate(template, values) {
    return fillTemplate(template, (placeholder) => render(placeholder, values), values.context);
}
function render(placeholder, values) {
    const { delayedMs } = values;
    switch (placeholder) {
        case 'status':
            return delayedMs === undefined ? 'not delayed' : `delayed ${formatClock(delayedMs)}`;
        case 'delayed':
            return String(Math.floor((delayedMs ?? 0) / 1000));
        case 'date':
            return formatMailDate(values.now);
        case 'milter-greylist':
            return delayedMs === undefined
                ? `${visible(values.reasons, LONGEST['milter-greylist'] - 13)}, not delayed`
                : `Delayed for ${formatClock(delayedMs)}`;
        case 'host':
        case 'version':
            return visible(values[placeholder], LONGEST[placeholder]);
    }
}
//# sourceMappingURL=header-template.js.map