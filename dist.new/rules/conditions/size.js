import { checkComparison, compares, comparisonShape } from './comparison.js';
/** No MTA takes messages that are larger. */
const MOST = 1024 ** 4;
const schema = (kinds) => kinds.withChecks(kinds.section(comparisonShape(kinds, kinds.size(0, MOST), 'a size such as 10MiB')), (value) => checkComparison(value, '{over: 10MiB}'));
/** How large the message is. */
export const sizeCondition = {
    name: 'size',
    about: {
        meaning: 'The size of the message, header and body. To know it the filter has to be sent the whole message.',
        expects: 'a mapping with over, at-least, under, up-to, is or is-not',
        example: 'size: {over: 10MiB}',
    },
    stage: 'eom',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: () => ({ headers: true, body: true }),
    compile: (value) => ({
        name: 'size',
        isLookup: false,
        test: (evaluation) => {
            const { message } = evaluation.facts;
            if (message === undefined)
                return 'no';
            evaluation.note?.(`${message.bytes} bytes`);
            return compares(message.bytes, value, evaluation) ? 'yes' : 'no';
        },
    }),
};
//# sourceMappingURL=size.js.map