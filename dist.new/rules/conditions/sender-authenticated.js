import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { addressSeeker, describe } from './address-condition.js';
import { report } from './finding.js';
import { askSpf, isNullSender } from './spf.js';
const schema = ({ list }) => list(parseEntry, formatEntry, {
    examples: ['joe@example.org', '@example.org', '@.example.org', 'list:partners'],
});
/** Who the sender is, if it is really them. */
export const senderAuthenticatedCondition = {
    name: 'sender-authenticated',
    about: {
        meaning: 'The envelope sender, like `sender`, but only if SPF says that the client may send for its domain. Only those whose address matches are asked about. The null sender never matches, as it has no domain.',
        expects: `${listKinds.senders.expects}, list:NAME, or a list of them`,
        example: "sender-authenticated: ['@example.org', list:partners]",
    },
    stage: 'mail',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    compile: compileSender,
};
function parseEntry(text) {
    if (text !== '<>')
        return parseConditionEntry('senders')(text);
    return { problem: 'has no domain that SPF could speak for', hint: "write sender: '<>'" };
}
function compileSender(entries, context) {
    const set = compileEntries('senders', entries, context);
    const seek = addressSeeker(set, context.addresses.sender);
    return {
        name: 'sender-authenticated',
        isLookup: true,
        test: (evaluation) => {
            const { asked, found } = seek(evaluation.facts.attempt.sender);
            const named = isNullSender(evaluation) ? undefined : found;
            if (report(evaluation, describe(asked), named) === 'no')
                return 'no';
            return askSpf(evaluation, ({ result }) => (result === 'pass' ? 'yes' : 'no'));
        },
    };
}
//# sourceMappingURL=sender-authenticated.js.map