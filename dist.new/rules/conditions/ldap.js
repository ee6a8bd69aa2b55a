import { macrosOf } from '../../greylist/general-placeholder.js';
import { encodeForDn, encodeForFilter, encodeTemplate } from '../encoded-template.js';
import { noDefinitions } from '../lookup-definitions.js';
import { anyOf, judgeAnswer } from './answer-condition.js';
import { definitionsOf, parseDefinitionName } from './definition-names.js';
const schema = ({ list }) => list(parseDefinitionName, (name) => name, { examples: ['users'] });
/** What a directory has. */
export const ldapCondition = {
    name: 'ldap',
    about: {
        meaning: 'Whether one of the questions of `lookups.ldap-queries` finds an entry. Attributes `milterGreylist…` of it say what the rule does instead. Put `on-unknown: tempfail` beside it if nothing may pass while the directory is away.',
        expects: 'a name of lookups.ldap-queries, or a list of them',
        example: 'ldap: users',
    },
    stage: 'rcpt',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    needs: (_names, { ldapQueries } = noDefinitions) => ({
        macros: Object.values(ldapQueries).flatMap(({ url: { base, filter } }) => macrosOf([...base.placeholders, ...filter.placeholders])),
    }),
    compile: compileLdap,
};
/** Whoever says `escape: false` knows what the values are. */
const asItIs = (value) => value;
function compileLdap(names, context) {
    const { ldapQueries } = context.definitions;
    const definitions = definitionsOf(names, ldapQueries, 'lookups.ldap-queries', context);
    return {
        name: 'ldap',
        isLookup: true,
        test: async (evaluation) => anyOf(await Promise.all(definitions.map(([name, definition]) => ask(name, definition, evaluation)))),
    };
}
async function ask(name, definition, evaluation) {
    const found = await evaluation.lookups.ldap(questionOf(definition, evaluation));
    const answer = found.known ? { known: true, value: found.value.values } : found;
    const holds = definition.match && found.known && found.value.entries > 0;
    const { properties } = definition;
    return judgeAnswer({ name, answer, holds, properties, keepsAlways: true }, evaluation);
}
function questionOf({ url, escape }, { texts }) {
    const { base, scope, filter, attributes } = url;
    return {
        base: encodeTemplate(base, texts, escape ? encodeForDn : asItIs),
        scope,
        filter: encodeTemplate(filter, texts, escape ? encodeForFilter : asItIs),
        attributes,
    };
}
//# sourceMappingURL=ldap.js.map