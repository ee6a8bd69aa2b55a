import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
const STATES = ['any', 'none'];
const schema = ({ list }) => list(parseEntry, formatEntry, { examples: ['alice', 'alice@', 'any', 'none'] });
/** As whom the client has authenticated. */
export const loginCondition = {
    name: 'login',
    about: {
        meaning: 'The login with which the client has authenticated, in its very letters; `any` or `none`. It is as the MTA names it, which differs: Sendmail says `alice`, Postfix often `alice@example.org`. `alice@` is both, whatever the domain is. Authenticated clients are never greylisted, rule or not: this is for other settings and for rules after the message.',
        expects: `${listKinds.values.expects}, any, none, list:NAME, or a list of them`,
        example: "login: [newsletter@, '/@example\\.org$/i']",
    },
    stage: 'mail',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: () => ({ macros: ['{auth_authen}'] }),
    compile: compileLogin,
};
function parseEntry(text) {
    const state = STATES.find((known) => known === text);
    if (state !== undefined)
        return { ok: { kind: 'state', text, state } };
    return parseConditionEntry('values')(text);
}
function compileLogin(entries, context) {
    const logins = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
    const set = compileEntries('values', logins, context);
    const states = compileStates(entries, context);
    return {
        name: 'login',
        isLookup: false,
        test: (evaluation) => {
            const { login = '' } = evaluation.facts.attempt;
            const found = login === ''
                ? states.get('none')
                : (states.get('any') ?? set.find(login) ?? set.find(inAnyDomain(login)));
            return report(evaluation, login === '' ? 'no login' : login, found);
        },
    };
}
/** How an entry for this user is written that does not mind the domain. */
function inAnyDomain(login) {
    const at = login.lastIndexOf('@');
    return `${at < 0 ? login : login.slice(0, at)}@`;
}
//# sourceMappingURL=login.js.map