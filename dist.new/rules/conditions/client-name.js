import { isGenericName } from '../../mail/generic-name.js';
import { verifiedName } from '../../mail/host-name.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { parseNameEntry } from '../sets/name-entry.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
const STATES = ['verified', 'unverified', 'missing', 'temporarily-unknown', 'generic'];
const schema = ({ either, list, optional, section, withChecks }) => either(list(parseEntry, formatEntry, {
    examples: ['mx.example.net', '.example.org', ...STATES],
}), withChecks(section({
    'ends-with': optional(list(parseEnding, formatEntry, {
        examples: ['example.net', '.example.net'],
    }), {
        meaning: 'What the name ends with, at a dot or not: `ample.net` is the end of `example.net`. A client without a verified name has `[192.0.2.1]` for one.',
        expects: 'the end of a name, or a list of them',
    }),
    matches: optional(list(parseNamePattern, formatEntry, { examples: ['/^\\[/'] }), {
        meaning: 'Patterns for the same, so that clients without a name can match.',
        expects: "a pattern such as '/^\\[/', or a list of them",
    }),
}), (value) => Object.keys(value).length === 1
    ? []
    : [{ path: [], problem: 'needs one of ends-with and matches' }]));
/** The name that the client's address has. */
export const clientNameCondition = {
    name: 'client-name',
    about: {
        meaning: "The client's verified name, or what is known of it: `verified`; `unverified`, its address has a name that does not have the address; `missing`, it has none; `temporarily-unknown`, DNS did not answer; `generic`, the name, verified or not, looks generated (octets, dyn, dsl, pool, static …).",
        expects: `${listKinds.names.expects}, ${STATES.join(', ')}, list:NAME, or a list of them; or {ends-with: …}, {matches: …}`,
        example: "client-name: [missing, unverified, generic, '/^host-\\d+\\./']",
    },
    stage: 'connect',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: () => ({ macros: ['{client_ptr}', '{client_resolve}'] }),
    compile: compileClientName,
};
function parseEntry(text) {
    const state = STATES.find((known) => known === text);
    if (state !== undefined)
        return { ok: { kind: 'state', text, state } };
    return parseConditionEntry('names')(text);
}
function parseEnding(text) {
    if (/^[\w.:[\]-]+$/.test(text)) {
        return { ok: { kind: 'ending', text, ending: text.toLowerCase() } };
    }
    return { problem: 'is not the end of a name', hint: 'write it as in example.net' };
}
function parseNamePattern(text) {
    const parsed = parseNameEntry(text);
    if ('problem' in parsed)
        return parsed;
    if (parsed.ok.kind === 'pattern')
        return { ok: parsed.ok };
    return { problem: 'is not a pattern', hint: "write it between slashes: '/^\\[/'" };
}
function compileClientName(value, context) {
    return isSpelled(value) ? compileSpelled(value, context) : compileNames(value, context);
}
function isSpelled(value) {
    return !Array.isArray(value);
}
function compileSpelled({ 'ends-with': endings = [], matches = [] }, context) {
    const placed = [
        ...endings.map((value, index) => ({ value, place: context.place(['ends-with', index]) })),
        ...matches.map((value, index) => ({ value, place: context.place(['matches', index]) })),
    ];
    return {
        name: 'client-name',
        isLookup: false,
        test: (evaluation) => {
            const { clientName, clientAddress } = evaluation.facts.attempt;
            const name = clientName ?? `[${clientAddress?.text ?? ''}]`;
            const lower = name.toLowerCase();
            const found = placed.find(({ value }) => value.kind === 'pattern' ? value.pattern.matches(name) : lower.endsWith(value.ending));
            return report(evaluation, name, found);
        },
    };
}
function compileNames(entries, context) {
    const names = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
    const set = compileEntries('names', names, context);
    const states = compileStates(entries, context);
    return {
        name: 'client-name',
        isLookup: false,
        test: (evaluation) => {
            const name = evaluation.facts.attempt.clientName;
            const byName = name === undefined || set.size === 0 ? undefined : set.find(name);
            if (byName !== undefined || states.size === 0) {
                return report(evaluation, name ?? 'no verified name', byName);
            }
            const { state, pointer } = stateOf(evaluation.facts);
            const found = states.get(state) ??
                (states.has('generic') && isGeneric(pointer, evaluation.facts)
                    ? states.get('generic')
                    : undefined);
            return report(evaluation, `${pointer ?? 'no name'} (${state})`, found);
        },
    };
}
function isGeneric(name, { attempt }) {
    return name !== undefined && isGenericName(name, attempt.clientAddress);
}
/**
 * Sendmail and Postfix say OK, FAIL, FORGED or TEMP in `{client_resolve}`; the name that nobody has
 * confirmed is in `{client_ptr}`, where Sendmail writes `[192.0.2.1]` and Postfix `unknown` if there
 * is none. Postfix says FORGED also where the name does not resolve at all; whether TEMP is about
 * the name or about its address neither tells. An MTA that sends neither macro leaves nothing to
 * tell the states apart, and what has no verified name counts as missing.
 */
function stateOf(facts) {
    const { clientName } = facts.attempt;
    if (clientName !== undefined)
        return { state: 'verified', pointer: clientName };
    const pointer = verifiedName(facts.macro('{client_ptr}') ?? '');
    const resolved = facts.macro('{client_resolve}');
    if (resolved === 'TEMP')
        return { state: 'temporarily-unknown', pointer };
    const isUnverified = resolved === 'FORGED' || pointer !== undefined;
    return { state: isUnverified ? 'unverified' : 'missing', pointer };
}
//# sourceMappingURL=client-name.js.map