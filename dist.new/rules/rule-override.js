import { parseReplyTemplate } from '../greylist/reply-template.js';
const PREFIX = 'miltergreylist';
const ACTIONS = new Map([
    ['greylist', 'greylist'],
    ['whitelist', 'accept'],
    ['blacklist', 'reject'],
    ['continue', 'continue'],
]);
const DAY_MS = 24 * 60 * 60 * 1000;
/** By what follows the prefix; those that only say that something matches set nothing. */
const SETTINGS = {
    delay: (value) => whole(millisecondsOf(value, DAY_MS), (delayMs) => ({ delayMs })),
    autowhite: (value) => whole(millisecondsOf(value, 1830 * DAY_MS), (autowhiteMs) => ({ autowhiteMs })),
    tarpit: (value) => whole(millisecondsOf(value, DAY_MS), (tarpitMs) => ({ tarpitMs })),
    nolog: () => ({ log: 'debug' }),
    code: (value) => (/^[45][0-5]\d$/.test(value) ? { code: Number(value) } : undefined),
    ecode: (value) => (/^[45](?:\.\d{1,3}){2}$/.test(value) ? { enhanced: value } : undefined),
    msg: (value) => {
        const parsed = parseReplyTemplate(value.replace(/[{}]/g, '$&$&'));
        return 'ok' in parsed ? { text: parsed.ok } : undefined;
    },
};
/** That make the question hold without setting anything here. */
const OTHERS = ['action', 'flushaddr', 'report', 'ignore'];
/** Reads the keys `milterGreylist…` of an answer, in any letter case; what is wrong is left out. */
export function readServerAnswer(values) {
    let settings = {};
    let action;
    let status;
    let isKnown = false;
    let forgetsClient = false;
    for (const [name, value] of values) {
        const lower = name.toLowerCase();
        if (!lower.startsWith(PREFIX))
            continue;
        const key = lower.slice(PREFIX.length);
        if (key === 'status')
            status = /^(?:ok|true)$/i.test(value);
        const apply = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
        if (apply !== undefined)
            settings = { ...settings, ...apply(value) };
        if (key === 'action')
            action = ACTIONS.get(value.toLowerCase());
        forgetsClient ||= key === 'flushaddr';
        isKnown ||= apply !== undefined || OTHERS.includes(key);
    }
    return {
        holds: status ?? (isKnown ? true : undefined),
        override: { action, settings, forgetsClient },
    };
}
function whole(value, make) {
    return value === undefined ? undefined : make(value);
}
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
/** Seconds, or a number with one unit; undefined if it is none, or too long. */
function millisecondsOf(text, longestMs) {
    const [, digits = '', unit = 's'] = /^(\d{1,9})([smhdw]?)$/i.exec(text) ?? [];
    if (digits === '')
        return undefined;
    const ms = Number(digits) * 1000 * (UNITS[unit.toLowerCase()] ?? 1);
    return ms <= longestMs ? ms : undefined;
}
/** What a rule does once the servers that it has asked have had their say. */
export function applyOverrides(rule, { overrides, effects, facts }) {
    if (overrides.length === 0)
        return rule;
    const client = facts.attempt.clientAddress;
    let { action, settings } = rule;
    for (const override of overrides) {
        action = override.action ?? action;
        settings = { ...settings, ...override.settings };
        if (override.forgetsClient && client !== undefined)
            effects?.forgetClient(client);
    }
    // As in milter-greylist a code says whether it is for good.
    if (action === 'reject' && isTemporary(settings.code))
        action = 'tempfail';
    return { action, settings: withFittingReply(settings, action === 'reject' ? '5' : '4') };
}
function isTemporary(code) {
    return code !== undefined && code < 500;
}
/** Without codes of the other kind, at which MTAs stumble. */
function withFittingReply(settings, digit) {
    const { code, enhanced, ...rest } = settings;
    return {
        ...rest,
        ...(code !== undefined && fits(code, digit) && { code }),
        ...(enhanced?.startsWith(digit) === true && { enhanced }),
    };
}
/** 421 would end the session, and beyond x59 no code is for mail. */
function fits(code, digit) {
    return code !== 421 && String(code).startsWith(digit) && code % 100 < 60;
}
//# sourceMappingURL=rule-override.js.map