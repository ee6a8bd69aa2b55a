import { parseIpAddress } from '../../mail/ip-address.js';
import { canonicalMailDomain } from '../../mail/mail-domain.js';
import { macrosOf } from '../../greylist/general-placeholder.js';
import { parsePlainTemplate, renderPlainTemplate } from '../../greylist/text-template.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
const STATES = ['missing', 'address-literal'];
const schema = ({ either, list, required, section, text }) => either(list(parseHeloEntry, formatEntry, {
    examples: ['mx.example.net', '.example.org', 'address-literal', '[192.0.2.1]', 'missing'],
}), section({
    template: required(text(parsePlainTemplate, (template) => template.text, { examples: ['{client-name}'] }), {
        meaning: 'What it is in any letter case, with placeholders.',
        expects: "a text such as '{client-name}'",
    }),
}));
/** What the client calls itself. */
export const heloCondition = {
    name: 'helo',
    about: {
        meaning: 'What the client calls itself: a name, `.example.org` for all names below `example.org`, `address-literal` for any `[192.0.2.1]`, or `missing`.',
        expects: `${listKinds.names.expects}, '[192.0.2.1]', address-literal, missing, list:NAME, or a list of them; or {template: …}`,
        example: "helo: [localhost, address-literal, '/^[0-9.]+$/']",
    },
    stage: 'helo',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: (value) => (isFilled(value) ? { macros: macrosOf(value.template.placeholders) } : {}),
    compile: (value, context) => isFilled(value) ? compileFilled(value) : compileHelo(value, context),
};
function isFilled(value) {
    return !Array.isArray(value);
}
function compileFilled({ template }) {
    return {
        name: 'helo',
        isLookup: false,
        test: ({ facts, texts, note }) => {
            const { helo = '' } = facts.attempt;
            const wanted = renderPlainTemplate(template, texts);
            note?.(`${helo === '' ? 'no HELO' : helo} and ${wanted}`);
            return helo.toLowerCase() === wanted.toLowerCase() ? 'yes' : 'no';
        },
    };
}
function parseHeloEntry(text) {
    const state = STATES.find((known) => known === text);
    if (state !== undefined)
        return { ok: { kind: 'state', text, state } };
    if (!text.startsWith('['))
        return parseConditionEntry('names')(text);
    const literal = canonicalMailDomain(text);
    if (parseIpAddress(literal.slice(1, -1)) !== undefined) {
        return { ok: { kind: 'literal', text: literal } };
    }
    return { problem: 'is no address literal', hint: "write '[192.0.2.1]' or '[IPv6:2001:db8::1]'" };
}
function compileHelo(entries, context) {
    const names = entries.map((entry) => (isName(entry) ? entry : undefined));
    const set = compileEntries('names', names, context);
    const literals = new Map(entries.flatMap((value, index) => value.kind === 'literal' ? [[value.text, { value, place: context.place([index]) }]] : []));
    const states = compileStates(entries, context);
    return {
        name: 'helo',
        isLookup: false,
        test: (evaluation) => {
            const { helo = '' } = evaluation.facts.attempt;
            const name = canonicalMailDomain(helo);
            const found = helo === ''
                ? states.get('missing')
                : (set.find(name) ??
                    literals.get(name) ??
                    (name.startsWith('[') ? states.get('address-literal') : undefined));
            return report(evaluation, helo === '' ? 'no HELO' : helo, found);
        },
    };
}
function isName(entry) {
    return entry.kind !== 'literal' && entry.kind !== 'state';
}
//# sourceMappingURL=helo.js.map