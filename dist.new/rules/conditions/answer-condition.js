import { readServerAnswer } from '../rule-override.js';
/** What an answer makes of a rule: its truth, properties, and what the rule does instead. */
export function judgeAnswer({ name, answer, holds, properties, keepsAlways = false }, evaluation) {
    const { note, overrides } = evaluation;
    if (!answer.known) {
        note?.(`${name} has no answer: ${answer.problem}`);
        return 'unknown';
    }
    const said = readServerAnswer(answer.value);
    const truth = (holds ?? said.holds ?? false) ? 'yes' : 'no';
    note?.(`${name} says ${describe(answer.value)}`);
    if (properties !== undefined && (truth === 'yes' || keepsAlways)) {
        keep(answer.value, properties, evaluation);
    }
    if (truth === 'yes' && said.holds !== undefined)
        overrides.push(said.override);
    return truth;
}
/** All of several: one that holds suffices, and one that is not known leaves it open. */
export function anyOf(truths) {
    if (truths.includes('yes'))
        return 'yes';
    return truths.includes('unknown') ? 'unknown' : 'no';
}
/** What an earlier answer said of the same names is replaced. */
function keep(values, scope, { properties }) {
    const seen = new Set();
    for (const [written, value] of values) {
        const name = written.toLowerCase();
        if (seen.has(name))
            properties.add(scope, name, value);
        else
            properties.set(scope, name, value);
        seen.add(name);
    }
}
function describe(values) {
    if (values.length === 0)
        return 'nothing';
    const [first] = values.map(([name, value]) => `${name}: ${value}`);
    return values.length === 1 ? String(first) : `${String(first)} and ${values.length - 1} more`;
}
//# sourceMappingURL=answer-condition.js.map