import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
const schema = ({ list }) => list(parseConditionEntry('clients'), formatEntry, listKinds.clients.form);
/** Which host the client is, by its address or its verified name. */
export const clientCondition = {
    name: 'client',
    about: {
        meaning: 'The client, by address, network or verified name. `.example.org` stands for all names below `example.org`.',
        expects: `${listKinds.clients.expects}, list:NAME, or a list of them`,
        example: 'client: [192.0.2.0/24, mx.example.net, .example.org, list:our-mx]',
    },
    stage: 'connect',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    compile: compileClient,
};
function compileClient(entries, context) {
    const set = compileEntries('clients', entries, context);
    return {
        name: 'client',
        isLookup: false,
        test: (evaluation) => {
            const { attempt } = evaluation.facts;
            const found = set.find(attempt);
            if (evaluation.note === undefined)
                return found === undefined ? 'no' : 'yes';
            const address = attempt.clientAddress?.text ?? 'no address';
            return report(evaluation, `${attempt.clientName ?? 'no name'} [${address}]`, found);
        },
    };
}
//# sourceMappingURL=client.js.map