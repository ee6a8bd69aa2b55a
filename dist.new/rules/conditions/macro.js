import { latestStage } from '../latest-stage.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
import { compileStates } from './states.js';
const STATES = ['set', 'unset'];
const schema = ({ list, named }) => named(parseMacroName, { examples: ['{daemon_name}', 'daemon_name', 'j'] }, list(parseEntry, formatEntry, { examples: ['value', '/^part/', 'set', 'unset'] }));
/** What the MTA says in its macros. */
export const macroCondition = {
    name: 'macro',
    about: {
        meaning: "What the MTA's macros say, each in its very letters; `set` for any value, `unset` if it has none or was not sent. Several macros must all match.",
        expects: `a mapping of macros, each with ${listKinds.values.expects}, set, unset, list:NAME, or a list of them`,
        example: "macro: {daemon_name: [MX, '/^in-/'], rcpt_mailer: local}",
    },
    stage: 'connect',
    stageOf: (value) => latestStage(Object.keys(value).map((name) => stageOfMacro(symbolOf(name)))),
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: (value) => ({ macros: Object.keys(value).map(symbolOf) }),
    compile: compileMacros,
};
/** Names of more than one letter are in braces on the wire; in YAML those would need quotes. */
function symbolOf(name) {
    return name.length === 1 || name.startsWith('{') ? name : `{${name}}`;
}
function parseMacroName(name) {
    if (/^(?:\w|\{\w+\}|\w{2,})$/.test(name))
        return { ok: name };
    return {
        problem: 'is not the name of a macro',
        hint: "write it as in daemon_name, '{daemon_name}' or j",
    };
}
function parseEntry(text) {
    const state = STATES.find((known) => known === text);
    if (state !== undefined)
        return { ok: { kind: 'state', text, state } };
    return parseConditionEntry('values')(text);
}
/** When MTAs know a macro; one that is not known here may come as late as the recipient. */
function stageOfMacro(symbol) {
    if (/^(?:[jv_]|\{(?:client|daemon|if)_\w+\})$/.test(symbol))
        return 'connect';
    if (/^\{(?:tls_version|cipher\w*|cert_\w+|verify)\}$/.test(symbol))
        return 'helo';
    return /^\{(?:auth|mail)_\w+\}$/.test(symbol) ? 'mail' : 'rcpt';
}
function compileMacros(value, context) {
    const tests = Object.entries(value).map(([name, entries]) => ({
        symbol: symbolOf(name),
        find: compileValues(entries, context, [name]),
    }));
    return {
        name: 'macro',
        isLookup: false,
        test: (evaluation) => {
            for (const { symbol, find } of tests) {
                const written = evaluation.facts.macro(symbol) ?? '';
                const subject = `${symbol} ${written === '' ? 'unset' : written}`;
                if (report(evaluation, subject, find(written)) === 'no')
                    return 'no';
            }
            return 'yes';
        },
    };
}
/** What an unset macro is, an empty one is too: Sendmail sends `{cert_subject}` also without one. */
function compileValues(entries, context, path) {
    const values = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
    const set = compileEntries('values', values, context, path);
    const states = compileStates(entries, context, path);
    return (written) => written === '' ? states.get('unset') : (states.get('set') ?? set.find(written));
}
//# sourceMappingURL=macro.js.map