import { checkComparison, compares, comparisonShape } from './comparison.js';
const MOST = 1_000_000;
const schema = (kinds) => kinds.withChecks(kinds.section(comparisonShape(kinds, kinds.whole(0, MOST), 'a whole number such as 10')), (value) => checkComparison(value, '{over: 10} or {up-to: 1}'));
/** How many recipients the message has so far. */
export const recipientsCondition = {
    name: 'recipients',
    about: {
        meaning: 'How many recipients the client has named for this message, this one included: `over: 10` holds from the eleventh on. Each is judged when it is named, so the first ten never know.',
        expects: 'a mapping with over, at-least, under, up-to, is or is-not',
        example: 'recipients: {over: 10}',
    },
    stage: 'rcpt',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    compile: (value) => ({
        name: 'recipients',
        isLookup: false,
        test: (evaluation) => {
            const { facts, note } = evaluation;
            // After the message there is none that is being named.
            const count = facts.recipientsBefore + (facts.message === undefined ? 1 : 0);
            note?.(`${count} so far`);
            return compares(count, value, evaluation) ? 'yes' : 'no';
        },
    }),
};
//# sourceMappingURL=recipients.js.map