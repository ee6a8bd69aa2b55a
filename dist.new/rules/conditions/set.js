import { macrosOf } from '../../greylist/general-placeholder.js';
import { assign, assignmentsSchema, templatesIn } from '../property-set.js';
/** Sets properties at its place among the conditions. */
export const setCondition = {
    name: 'set',
    about: {
        meaning: 'Sets properties when its turn comes, whether or not what stands behind it holds, and always holds itself. It is for `all`, whose conditions have an order; elsewhere write the setting `set` of the rule.',
        expects: 'a mapping of properties, each with a text, or {add: 1}',
        example: 'set: {tries: {add: 1}}',
    },
    stage: 'connect',
    isLookup: false,
    schema: (kinds) => assignmentsSchema(kinds),
    needs: (value) => ({
        macros: templatesIn(value).flatMap(({ placeholders }) => macrosOf(placeholders)),
    }),
    compile: (value) => ({
        name: 'set',
        isLookup: false,
        test: (evaluation) => {
            assign(value, evaluation);
            evaluation.note?.(`set ${Object.keys(value).join(', ')}`);
            return 'yes';
        },
    }),
};
//# sourceMappingURL=set.js.map