const SECOND = 1000;
const LONGEST = 10 * 60 * SECOND;
const schema = ({ choice, duration, either, optional, required, section }) => either(duration(SECOND, LONGEST), section({
    for: required(duration(SECOND, LONGEST), {
        meaning: 'How long the client waits for its answer; `limits.tarpit` at most.',
        expects: 'a duration such as 65s',
    }),
    scope: optional(choice(['session', 'command']), {
        meaning: 'What counts: all of the waiting in the session (the default), or the longest wait in it.',
        expects: 'session or command',
    }),
}));
/** Makes the client wait for its answer, unless it gave up when it had to wait before. */
export const tarpitCondition = {
    name: 'tarpit',
    about: {
        meaning: 'Makes the client wait for the answer, which programs that only send spam do not do. Holds for who has not tried yet, and for who has waited, who then need not again; not for who gave up, nor while `limits.tarpits` others are waiting. The MTA must have patience: see `limits.tarpit`.',
        expects: 'a duration such as 65s, or a mapping with for and scope',
        example: 'tarpit: 65s',
    },
    stage: 'rcpt',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    compile: compileTarpit,
};
const WORDS = {
    new: ['has not been made to wait yet', 'yes'],
    stayed: ['has waited before', 'yes'],
    left: ['gave up when it had to wait', 'no'],
    full: ['too many are waiting', 'no'],
    unknown: ['nobody knows whether it has waited', 'unknown'],
};
function compileTarpit(value) {
    const { for: tarpitMs, scope: tarpitScope = 'session' } = typeof value === 'number' ? { for: value } : value;
    return {
        name: 'tarpit',
        isLookup: true,
        test: (evaluation) => {
            const conclude = (state) => {
                const [words, truth] = WORDS[state];
                evaluation.note?.(words);
                if (state === 'new') {
                    const settings = { tarpitMs, tarpitScope };
                    evaluation.overrides.push({ settings, forgetsClient: false });
                }
                return truth;
            };
            const state = evaluation.tarpits?.stateOf(evaluation.facts.attempt) ?? 'new';
            return state instanceof Promise ? state.then(conclude) : conclude(state);
        },
    };
}
//# sourceMappingURL=tarpit.js.map