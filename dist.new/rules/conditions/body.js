import { compileParts, parsePartEntry } from '../sets/part-entry.js';
import { formatEntry } from '../sets/compile-entries.js';
import { keepMatch } from './finding.js';
const schema = ({ list }) => list(parsePartEntry, formatEntry, { examples: ['some words', '/pattern/i'] });
/** What stands in the body of the message. */
export const bodyCondition = {
    name: 'body',
    about: {
        meaning: 'What stands in the body of the message, in its very letters, or a pattern: as it came, nothing is decoded, and lines end with a newline. What is beyond `limits.body` is not looked at. For this the filter has to be sent the body.',
        expects: 'a text or a pattern, or a list of them',
        example: "body: ['some words', '/(?m)^begin 644 /']",
    },
    stage: 'eom',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: () => ({ body: true, text: true }),
    compile: (entries, context) => {
        const find = compileParts(entries, context);
        return {
            name: 'body',
            isLookup: false,
            test: (evaluation) => {
                const body = evaluation.facts.message?.body?.text;
                if (body === undefined)
                    return 'no';
                const found = find(body);
                keepMatch(evaluation, body, found);
                evaluation.note?.(`${found === undefined ? 'no entry is' : found.value.text} in the body`);
                return found === undefined ? 'no' : 'yes';
            },
        };
    },
};
//# sourceMappingURL=body.js.map