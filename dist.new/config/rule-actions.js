const TIMINGS = ['delay', 'retry-window', 'autowhite', 'network'];
const REPLY = ['code', 'enhanced', 'text'];
/** What becomes of mail that passes. */
const MAIL = ['headers', 'report', 'subject-tag', 'footer'];
/** The actions in the order of the reference. */
export const actions = {
    greylist: {
        meaning: 'Puts a new triplet off, with timings of its own where the rule has any.',
        example: '{then: greylist, delay: 30m, retry-window: 3d}',
        settings: [...TIMINGS, ...REPLY, 'stage', 'mode', ...MAIL],
    },
    accept: {
        meaning: 'Lets it pass.',
        example: '{when: {recipient: abuse@}, then: accept}',
        settings: ['stage', ...MAIL],
    },
    tempfail: {
        meaning: 'Puts it off, however often it comes back; nothing is remembered.',
        example: '{then: tempfail, text: Too much at once}',
        settings: [...REPLY, 'stage', 'mode'],
    },
    reject: {
        meaning: 'Refuses it for good.',
        example: '{then: reject, code: 550, enhanced: 5.7.1}',
        settings: [...REPLY, 'stage', 'mode'],
    },
    discard: {
        meaning: 'Takes it and delivers it to nobody; for one recipient, the others get theirs.',
        example: '{when: {recipient: noreply@}, then: discard}',
        settings: ['stage', 'mode'],
    },
    quarantine: {
        meaning: "Takes it into the MTA's quarantine; in `message-rules` alone.",
        example: "{when: {header: {X-Spam-Flag: 'YES'}}, then: quarantine, text: Marked as spam}",
        settings: ['text', 'mode', ...MAIL],
    },
    continue: {
        meaning: 'Applies its settings to whatever decides later, and goes on.',
        example: '{when: {client-name: missing}, then: continue, delay: 15m}',
        settings: [...TIMINGS, ...REPLY, 'stage', 'mode', ...MAIL],
    },
};
/** Whether a setting changes mail that passes. */
export function isOfMail(setting) {
    return MAIL.some((known) => known === setting);
}
/** Whether a setting is about how long somebody waits. */
export function isTiming(setting) {
    return TIMINGS.some((timing) => timing === setting);
}
//# sourceMappingURL=rule-actions.js.map