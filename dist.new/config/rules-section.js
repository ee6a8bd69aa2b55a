import { parseReplyTemplate } from '../greylist/reply-template.js';
import { conditionKinds } from '../rules/conditions/index.js';
import { checkRule } from './rule-checks.js';
import { ruleTexts } from './rule-texts.js';
import { parseAnyEnhancedCode, parseRuleName } from './rule-values.js';
import * as kinds from './schema-kinds.js';
import { A_DURATION, A_MAPPING } from './settings.js';
import { writtenForms } from './written-forms.js';
const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const { choice, duration, optional, required, text, whole } = kinds;
function conditionSection(table) {
    const shape = Object.entries(table).map(([name, kind]) => {
        const { meaning, expects } = kind.about;
        const condition = kinds.wrapped(kind.schema(kinds), (value) => ({ name, value }), ({ value }) => value);
        return [name, optional(condition, { meaning, expects })];
    });
    return kinds.withChecks(kinds.section(Object.fromEntries(shape)), (conditions) => Object.keys(conditions).length > 0
        ? []
        : [{ path: [], problem: 'is empty', hint: 'leave it out where everybody is meant' }]);
}
const networkSection = kinds.section({
    ipv4: optional(whole(0, 32), {
        meaning: 'Leading bits of an IPv4 address that make one client, 8 to 32.',
        expects: 'a whole number from 8 to 32',
        why: 'no network wider than a /8 belongs to one sender, and an address has 32 bits',
    }),
    ipv6: optional(whole(0, 128), {
        meaning: 'Leading bits of an IPv6 address that make one client, 16 to 128.',
        expects: 'a whole number from 16 to 128',
        why: 'no network wider than a /16 belongs to one sender, and an address has 128 bits',
    }),
});
const timings = {
    delay: optional(duration(0, 1 * DAY), {
        meaning: 'How long a new triplet waits, at most a day.',
        expects: A_DURATION,
        why: 'to wait for nothing is `then: accept`, and after a day senders warn their users or give up',
    }),
    'retry-window': optional(duration(1 * SECOND, 60 * DAY), {
        meaning: 'How long its first attempt is remembered.',
        expects: A_DURATION,
        why: 'senders retry for days (RFC 5321 section 4.5.4.1), not for months',
    }),
    autowhite: optional(duration(0, 1830 * DAY), {
        meaning: 'How long a triplet that passed is known.',
        expects: A_DURATION,
        why: 'five years are as good as for ever',
    }),
    network: optional(networkSection, {
        meaning: 'What counts as the same client.',
        expects: A_MAPPING,
    }),
};
const reply = {
    code: optional(kinds.checkedWhole((code) => ({ ok: code }), { minimum: 400, maximum: 559 }), {
        meaning: 'SMTP code of the reply: 400 to 459 without 421, and 500 to 559 to reject.',
        expects: 'a reply code such as 451, or 550 to reject',
    }),
    enhanced: optional(text(parseAnyEnhancedCode, (code) => code, writtenForms.anyEnhancedCode), {
        meaning: 'Enhanced status code of the reply, `4.x.y`, and `5.x.y` to reject.',
        expects: 'an enhanced status code such as 4.7.1',
    }),
    text: optional(text(parseReplyTemplate, (template) => template.text, writtenForms.line), {
        meaning: 'What the client is told, with the placeholders of `greylist.reply.text` and `{dnsbl}`, the lists it is in; to quarantine, why.',
        expects: 'a line of text',
    }),
};
const rest = {
    stage: optional(choice(['connect', 'helo', 'mail', 'rcpt', 'data']), {
        meaning: 'When it answers; before `rcpt` it knows neither recipients nor, up to HELO, the login.',
        expects: 'connect, helo, mail, rcpt or data',
    }),
    mode: optional(choice(['enforce', 'learn', 'shadow']), {
        meaning: '`shadow`: mail passes, and the log says what would have been said. `learn`, `enforce`: as in `greylist.mode`.',
        expects: 'enforce, learn or shadow',
    }),
    log: optional(choice(['error', 'warn', 'info', 'debug']), {
        meaning: 'The level at which the decision is logged.',
        expects: 'error, warn, info or debug',
    }),
};
const conditions = kinds.shared('conditions', conditionSection(conditionKinds));
function isWritten(condition) {
    return typeof condition === 'object' && condition !== null && 'value' in condition;
}
function ruleList(when) {
    const rule = kinds.section({
        name: optional(text(parseRuleName, (name) => name, writtenForms.ruleName), {
            meaning: 'What the log calls it.',
            expects: 'a line of text',
        }),
        when: optional(conditions, {
            meaning: 'What must hold, all of it; without it the rule is for everybody.',
            expects: 'a mapping of conditions, such as {client: 192.0.2.0/24}',
        }),
        unless: optional(conditions, {
            meaning: 'The rule does not match if all of this holds.',
            expects: 'a mapping of conditions, such as {client: 192.0.2.0/24}',
        }),
        then: required(choice(['greylist', 'accept', 'tempfail', 'reject', 'discard', 'quarantine', 'continue']), {
            meaning: 'What becomes of the mail; `continue` applies the settings and goes on.',
            expects: 'greylist, accept, tempfail, reject, discard, quarantine or continue',
        }),
        'on-unknown': optional(choice(['no-match', 'match', 'tempfail']), {
            meaning: 'What a lookup without an answer makes of it; otherwise it does not match.',
            expects: 'no-match, match or tempfail',
        }),
        ...timings,
        ...reply,
        ...ruleTexts,
        ...rest,
    });
    const table = conditionKinds;
    const stageOf = (name, condition) => {
        const kind = table[name];
        return isWritten(condition) ? (kind?.stageOf?.(condition.value) ?? kind?.stage) : undefined;
    };
    return kinds.sequence(required(kinds.withChecks(rule, (value) => checkRule(value, when, stageOf)), {
        meaning: 'A rule.',
        expects: 'a rule, such as {when: {client: 192.0.2.1}, then: accept}',
    }));
}
/** The section `rules`: what is asked for each recipient. */
export const rulesSection = ruleList('recipient');
/** The section `message-rules`: what is asked once the message is there. */
export const messageRulesSection = ruleList('message');
//# sourceMappingURL=rules-section.js.map